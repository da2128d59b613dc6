import type { TurnState } from '@parley/sdk/contract';
import { expect, test } from 'vitest';
import { canMove, isOpen, replyStatus, rewriteMode } from './turn.ts';
import { blockedFailure, failureOf, turnFailure } from './turn-failures.ts';
import { ContextTooLong } from '../prompting/index.ts';

const states: TurnState[] = ['queued', 'running', 'completed', 'stopped', 'failed', 'interrupted'];
const finals = states.slice(2);

test('a turn that is over moves nowhere', () => {
  for (const from of finals) for (const to of states) expect(canMove(from, to)).toBe(false);
});

test('an open turn may end in every way, and never goes back to the queue', () => {
  for (const from of ['queued', 'running'] as const) {
    for (const to of finals) expect(canMove(from, to)).toBe(true);
    expect(canMove(from, 'queued')).toBe(false);
    expect(isOpen(from)).toBe(true);
  }
  expect(canMove('queued', 'running')).toBe(true);
});

test('a reply says how its turn ended', () => {
  expect(replyStatus('completed', null)).toBe('done');
  expect(replyStatus('stopped', null)).toBe('stopped');
  expect(replyStatus('interrupted', null)).toBe('interrupted');
  expect(replyStatus('failed', turnFailure('provider.server'))).toBe('failed');
  expect(replyStatus('failed', blockedFailure({ plugin: 'a.b', rule: 'r' }))).toBe('blocked');
});

test.each([
  ['failed', 'text', 'in-place'],
  ['blocked', '', 'in-place'],
  ['interrupted', 'text', 'in-place'],
  ['stopped', '', 'in-place'],
  ['stopped', 'text', 'version'],
  ['done', 'text', 'version'],
  ['done', '', 'in-place'],
  ['streaming', 'text', null],
  ['queued', '', null],
] as const)('a %s reply with the text "%s" is written again: %s', (status, text, mode) => {
  expect(rewriteMode({ status, text })).toBe(mode);
});

test('an expected refusal keeps its words, anything else is ours and says nothing', () => {
  expect(failureOf(ContextTooLong({ tokens: 9, limit: 5, part: 'message' }))).toMatchObject({
    code: 'context.too-long',
    retryable: false,
  });
  const bug = failureOf(new Error('password=hunter2'));
  expect(bug).toEqual(turnFailure('internal'));
  expect(JSON.stringify(bug)).not.toContain('hunter2');
});

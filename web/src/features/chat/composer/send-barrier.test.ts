// @vitest-environment node
import type { LimitState, Problem } from '@parley/sdk/contract';
import { describe, expect, it, vi } from 'vitest';
import { sendBarrier, type SendSituation } from './send-barrier.ts';

const plenty: LimitState = { limit: 60, used: 1, remaining: 59, resetAt: '2026-11-21T10:01:00.000Z' };
const spent: LimitState = { ...plenty, used: 60, remaining: 0 };
const limits = { requestsPerMinute: plenty, requestsPerDay: plenty, tokensPerDay: plenty };
const free: SendSituation = {
  length: 10,
  maxChars: 100,
  runningHere: 0,
  perConversation: 5,
  running: 0,
  perUser: 15,
  modelCount: 2,
  modelKnown: true,
  modelAllowed: true,
  limits,
  estimate: { refusal: null, atMost: 3_200_000 },
  problem: null,
  refused: null,
  available: 41_800_000,
};
const resetMs = Date.parse('2026-11-21T10:01:00.000Z');
const at = (now: number) => ({ now: () => now, due: Date.parse });
const before = at(resetMs - 20_000);
const barrier = (change: Partial<SendSituation>, clock = before) => sendBarrier({ ...free, ...change }, clock);
const problem = (code: string, data?: Problem['data']): Problem => ({
  type: 'about:blank',
  title: '',
  status: 429,
  code,
  detail: '',
  data,
});

describe('what stands in the way of sending', () => {
  it('is nothing, usually', () => {
    expect(barrier({})).toBeNull();
    expect(barrier({ modelCount: null, modelKnown: false, limits: null, estimate: null, available: null })).toBeNull();
  });
  it('is the length, by how much', () => {
    expect(barrier({ length: 103 })).toEqual({ kind: 'length', over: 3 });
  });
  it('is the number of running replies, here or everywhere', () => {
    expect(barrier({ runningHere: 5, running: 5 })).toEqual({ kind: 'conversation', running: 5 });
    expect(barrier({ runningHere: 1, running: 15 })).toEqual({ kind: 'user', running: 15 });
  });
  it('is a model that is missing, gone, or of another plan', () => {
    expect(barrier({ modelCount: 0 })).toEqual({ kind: 'no-models' });
    expect(barrier({ modelKnown: false })).toEqual({ kind: 'model-gone' });
    // Whoever has no model left in his plan is told so, not that there are none.
    expect(barrier({ modelCount: 0, modelKnown: false, modelAllowed: false })).toEqual({ kind: 'model-not-allowed' });
    expect(barrier({ estimate: null, problem: problem('limits.model-not-allowed') })).toEqual({
      kind: 'model-not-allowed',
    });
  });
  it('is more than the model takes in', () => {
    const tooLong = problem('context.too-long', { tokens: 9_000, limit: 8_000, part: 'message' });
    expect(barrier({ estimate: null, problem: tooLong })).toEqual({ kind: 'context', tokens: 9_000, limit: 8_000 });
  });

  it.each([
    ['requestsPerMinute', { kind: 'minute', untilMs: resetMs }],
    ['requestsPerDay', { kind: 'requests-day', limit: 60, untilMs: resetMs }],
    ['tokensPerDay', { kind: 'tokens-day', limit: 60, untilMs: resetMs }],
  ] as const)('is %s, until there is more', (name, expected) => {
    const change = { limits: { ...limits, [name]: spent } };
    expect(barrier(change)).toEqual(expected);
    expect(barrier(change, at(resetMs))).toBeNull();
  });
  it('is a refusal that says when to try again, until then', () => {
    const refused = { problem: problem('limit.exceeded'), retryAtMs: resetMs };
    expect(barrier({ refused })).toEqual({ kind: 'minute', untilMs: resetMs });
    expect(barrier({ refused }, at(resetMs))).toBeNull();
  });
  it('reads the clock only where time ends something', () => {
    const clock = { now: vi.fn<() => number>(), due: Date.parse };
    barrier({}, clock);
    barrier({ estimate: { refusal: 'credits.insufficient', atMost: 1 } }, clock);
    expect(clock.now).not.toHaveBeenCalled();
  });

  it('is the money, or a cap of one’s own', () => {
    const refused = (refusal: string) => barrier({ estimate: { refusal, atMost: 3_200_000 }, available: 1_000_000 });
    expect(refused('credits.insufficient')).toEqual({ kind: 'no-credits', needed: 3_200_000, left: 1_000_000 });
    expect(refused('credits.day-cap')).toEqual({ kind: 'day-cap' });
    expect(refused('credits.conversation-cap')).toEqual({ kind: 'conversation-cap' });
  });
  it('is the money a refused message lacked, until it is there or an estimate knows better', () => {
    const refused = { problem: problem('credits.insufficient', { needed: 5, left: 1 }), retryAtMs: null };
    expect(barrier({ estimate: null, refused, available: null })).toEqual({ kind: 'no-credits', needed: 5, left: 1 });
    expect(barrier({ estimate: null, refused, available: 5 })).toBeNull();
    expect(barrier({ refused, available: 2 })).toBeNull();
  });
});

import { text } from 'node:stream/consumers';
import type { TurnEvent } from '@parley/sdk/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { turnEventStream, type TurnEventStreamDeps } from './turn-event-stream.ts';
import type { TurnRow } from './turn-rows.ts';

const userId = '00000000-0000-4000-8000-00000000000a';
const turn = { id: 't', conversation_id: 'c', message_id: 'm' } as TurnRow;
const leave = vi.fn<() => void>();
const neverAborted = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  leave.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Of a turn whose past is read so. */
function stream(past: () => Promise<TurnEvent[]>, signal: AbortSignal) {
  const feed = { listen: async () => leave };
  const replay = { registry: { get: () => undefined }, log: { read: past }, queries: { find: async () => undefined } };
  return turnEventStream({ feed, replay } as unknown as TurnEventStreamDeps, userId, turn, 0, signal);
}

const wholeTurn = async (): Promise<TurnEvent[]> => [
  { seq: 1, type: 'text', text: 'x'.repeat(1_000_000) },
  { seq: 2, type: 'completed', finishReason: 'stop', usage: { input: 1, output: 1, countedBy: 'us' } },
];

test('who reads slowly gets all of a turn that is over', async () => {
  const slow = await stream(wholeTurn, neverAborted);
  vi.advanceTimersByTime(60_000);
  const read = await text(slow);
  expect(read.match(/^id: \d+$/gm)).toEqual(['id: 1', 'id: 2']);
  expect(read).toMatch(/"type":"completed".*\n\n$/);
});

test('nothing goes on for somebody who went before there was a stream', async () => {
  const unread = await stream(async () => [], AbortSignal.abort());
  await vi.waitFor(() => expect(leave).toHaveBeenCalledOnce());
  expect([unread.destroyed, vi.getTimerCount()]).toEqual([true, 0]);
});

test('nothing goes on when the past cannot be read', async () => {
  const away = new Error('the database is away');
  await expect(stream(() => Promise.reject(away), neverAborted)).rejects.toBe(away);
  await vi.waitFor(() => expect(leave).toHaveBeenCalledOnce());
  expect(vi.getTimerCount()).toBe(0);
});

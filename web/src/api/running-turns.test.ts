import type { HttpClient } from '@parley/sdk/client';
import type { Turn } from '@parley/sdk/contract';
import { describe, expect, test, vi } from 'vitest';
import { RunningTurns } from './running-turns.svelte.ts';

const turn = (id: string, minute: number): Turn => ({
  id,
  conversationId: `chat of ${id}`,
  messageId: `reply of ${id}`,
  state: 'running',
  model: 'demo/eliza',
  seq: 0,
  createdAt: `2026-11-21T10:0${minute}:00.000Z`,
  finishedAt: null,
});

function setUp() {
  const heard = new Map<string, (payload: { turn: Turn }) => void>();
  const http = vi.fn<() => Promise<Turn[]>>().mockResolvedValue([]);
  const running = new RunningTurns({
    http: http as unknown as HttpClient,
    on: (event, listener) => {
      heard.set(event, listener as unknown as (payload: { turn: Turn }) => void);
      return () => undefined;
    },
    onConnect: () => () => undefined,
  });
  const emit = (event: 'turn:opened' | 'turn:closed', of: Turn) => heard.get(event)?.({ turn: of });
  return { running, http, emit, ids: () => running.list.map(({ id }) => id) };
}

describe('the running replies', () => {
  test('are those of all tabs, oldest first', async () => {
    const { running, http, emit, ids } = setUp();
    http.mockResolvedValue([turn('b', 2)]);
    await running.load();
    emit('turn:opened', turn('c', 3));
    emit('turn:opened', turn('a', 1));
    expect(ids()).toEqual(['a', 'b', 'c']);
    emit('turn:closed', turn('b', 2));
    expect(ids()).toEqual(['a', 'c']);
  });

  test('that began or ended while the answer was on its way are as they were heard', async () => {
    const { running, http, emit, ids } = setUp();
    const answer = Promise.withResolvers<Turn[]>();
    http.mockReturnValue(answer.promise);
    emit('turn:opened', turn('gone', 1));
    const loaded = running.load();
    emit('turn:opened', turn('new', 3));
    emit('turn:closed', turn('ended', 2));
    answer.resolve([turn('ended', 2)]);
    await loaded;
    expect(ids()).toEqual(['new']);
  });
});

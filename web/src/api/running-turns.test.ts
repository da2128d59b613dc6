import { ApiError, type HttpClient } from '@parley/sdk/client';
import type { Turn } from '@parley/sdk/contract';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
const unreachable = new ApiError({ type: 'about:blank', title: '', status: 0, code: 'network', detail: '' });

function setUp() {
  const heard = new Map<string, (payload: { turn: Turn }) => void>();
  const http = vi.fn<(route: string) => Promise<Turn[] | Turn>>().mockResolvedValue([]);
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

  test('that ended between two readings are not brought back by the older answer', async () => {
    const { running, http, emit, ids } = setUp();
    const older = Promise.withResolvers<Turn[]>();
    http.mockReturnValueOnce(older.promise);
    const first = running.load();
    emit('turn:closed', turn('ended', 1));
    const second = running.load();
    older.resolve([turn('ended', 1)]);
    await Promise.all([first, second]);
    expect(ids()).toEqual([]);
  });

  test('leave with the answer that says that they were stopped', async () => {
    const { running, http, ids } = setUp();
    http.mockResolvedValueOnce([turn('of a program', 1), turn('slow', 2)]);
    await running.load();
    http.mockResolvedValueOnce({
      ...turn('of a program', 1),
      state: 'stopped',
      finishedAt: '2026-11-21T10:09:00.000Z',
    });
    await running.stop('of a program');
    // Not over yet: whoever writes it could not be reached.
    http.mockResolvedValueOnce(turn('slow', 2));
    await running.stop('slow');
    expect(ids()).toEqual(['slow']);
  });

  test('that a reading brings back while they are being stopped leave all the same', async () => {
    const { running, http, ids } = setUp();
    const answer = Promise.withResolvers<Turn[]>();
    http.mockImplementation(async (route) =>
      route === 'GET /api/turns'
        ? answer.promise
        : { ...turn('stopped', 1), state: 'stopped', finishedAt: '2026-11-21T10:09:00.000Z' },
    );
    const loaded = running.load();
    await running.stop('stopped');
    answer.resolve([turn('stopped', 1)]);
    await loaded;
    expect(ids()).toEqual([]);
  });
});

describe('replies whose end is told to nobody', () => {
  const see = (state: DocumentVisibilityState) => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
  };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  test('are looked for again until none is left', async () => {
    const { running, http, ids } = setUp();
    http.mockResolvedValueOnce([turn('of a program', 1)]).mockRejectedValueOnce(unreachable);
    await running.load();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ids()).toEqual(['of a program']);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(ids()).toEqual([]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(http).toHaveBeenCalledTimes(3);
  });

  test('are looked for however often others begin', async () => {
    const { http, emit } = setUp();
    for (let minute = 0; minute < 4; minute++) {
      emit('turn:opened', turn(`t${minute}`, minute));
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect(http).toHaveBeenCalledTimes(1);
  });

  test('are not looked for where nobody sees them, and at once when somebody does', async () => {
    const { http, emit } = setUp();
    emit('turn:opened', turn('t', 1));
    see('hidden');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(http).not.toHaveBeenCalled();
    see('visible');
    await vi.advanceTimersByTimeAsync(0);
    expect(http).toHaveBeenCalledTimes(1);
  });

  test('are not looked for without a session; the next connection asks', async () => {
    const { running, http } = setUp();
    http.mockResolvedValueOnce([turn('t', 1)]);
    await running.load();
    http.mockRejectedValue(new ApiError({ ...unreachable.problem, status: 401 }));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(http).toHaveBeenCalledTimes(2);
  });
});

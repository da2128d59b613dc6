import type { HttpClient } from '@parley/sdk/client';
import type { CurrentLimits, LimitState } from '@parley/sdk/contract';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Limits } from './limits.svelte.ts';

const state: LimitState = { limit: null, used: 0, remaining: null, resetAt: null };
const answer: CurrentLimits = {
  tier: { id: 'free', name: 'Free' },
  requestsPerMinute: state,
  requestsPerDay: state,
  tokensPerDay: state,
  openTurns: { ...state, limit: 15 },
  openTurnsPerConversation: { limit: 5, conversations: [] },
  contextTokens: null,
  attachments: { perMessage: 0, bytes: 0 },
  allowedModels: null,
  endpoints: [],
  maxMessageChars: 1_000,
  degraded: false,
};

function setUp(change: Partial<CurrentLimits> = {}) {
  const heard = new Map<string, () => void>();
  const http = vi.fn<() => Promise<CurrentLimits>>().mockResolvedValue({ ...answer, ...change });
  const limits = new Limits({
    http: http as unknown as HttpClient,
    on: (event, listener) => {
      heard.set(event, listener as () => void);
      return () => undefined;
    },
    onConnect: () => () => undefined,
  });
  return { limits, http, emit: (event: string) => heard.get(event)?.() };
}

describe('the limits', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('that are not known limit nobody', () => {
    const { limits } = setUp();
    expect([limits.perUser, limits.perConversation, limits.allowsModel('any/model', 1)]).toEqual([
      Infinity,
      Infinity,
      true,
    ]);
  });

  test('are read once after replies that begin and end together', async () => {
    const { http, emit } = setUp();
    for (const event of ['turn:opened', 'turn:opened', 'turn:closed']) emit(event);
    await vi.advanceTimersByTimeAsync(400);
    expect(http).toHaveBeenCalledTimes(1);
  });

  test('are read when somebody changed them, and when the way of counting did', async () => {
    const { http, emit } = setUp();
    emit('limits:changed');
    await vi.advanceTimersByTimeAsync(400);
    emit('limits:degraded');
    await vi.advanceTimersByTimeAsync(400);
    expect(http).toHaveBeenCalledTimes(2);
  });

  test('are read again while they are counted less exactly, until they are not', async () => {
    const { limits, http } = setUp();
    http.mockResolvedValueOnce({ ...answer, degraded: true });
    await limits.load();
    expect(limits.degraded).toBe(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(limits.degraded).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(http).toHaveBeenCalledTimes(2);
  });

  test('know which models belong to the plan', async () => {
    const { limits } = setUp({ allowedModels: ['cheap/*', 'dear/small'] });
    await limits.load();
    const models = ['cheap/tiny', 'dear/small', 'dear/small-2', 'other/x'];
    expect(models.filter((id) => limits.allowsModel(id, 4))).toEqual(['cheap/tiny', 'dear/small']);
    expect([limits.allowsModel(null, 2), limits.allowsModel(null, 0)]).toEqual([true, false]);
  });
});

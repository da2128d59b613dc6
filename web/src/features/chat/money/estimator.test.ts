import { ApiError, type HttpClient } from '@parley/sdk/client';
import type { Estimate } from '@parley/sdk/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problem } from '../testing/scripted-server.ts';
import { Estimator } from './estimator.svelte.ts';

interface Asked {
  body: { text: string };
  signal: AbortSignal;
}
const cost = (atMost: number) => ({ atMost }) as Estimate;

function setUp() {
  const http = vi.fn<(route: string, request: Asked) => Promise<Estimate>>();
  http.mockImplementation(async (_, { body }) => cost(body.text.length));
  return { http, estimator: new Estimator(http as unknown as HttpClient) };
}

describe('an estimate', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked for once typing pauses, of the last words', async () => {
    const { http, estimator } = setUp();
    for (const text of ['H', 'He', 'Hello']) {
      estimator.ask({ text }, '');
      await vi.advanceTimersByTimeAsync(299);
    }
    expect(http).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(http).toHaveBeenCalledTimes(1);
    expect(estimator.estimate).toEqual(cost(5));
  });

  it('is not asked for again while nothing changed', async () => {
    const { http, estimator } = setUp();
    for (const situation of ['a', 'a', 'b', 'b']) {
      estimator.ask({ text: 'Hello' }, situation);
      await vi.advanceTimersByTimeAsync(300);
    }
    expect(http).toHaveBeenCalledTimes(2);
  });

  it('of words that have changed since is given up, and its answer ignored', async () => {
    const { http, estimator } = setUp();
    const late = Promise.withResolvers<Estimate>();
    http.mockReturnValueOnce(late.promise);
    estimator.ask({ text: 'Hello' }, '');
    await vi.advanceTimersByTimeAsync(300);
    estimator.ask({ text: 'Hello you' }, '');
    expect(http.mock.calls[0]?.[1].signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(300);
    late.resolve(cost(1));
    await vi.advanceTimersByTimeAsync(0);
    expect(estimator.estimate).toEqual(cost(9));
  });

  it('goes when there is nothing to send', async () => {
    const { estimator } = setUp();
    estimator.ask({ text: 'Hello' }, '');
    await vi.advanceTimersByTimeAsync(300);
    estimator.ask(null, '');
    expect(estimator.estimate).toBeNull();
  });

  it('that cannot be had says so only when the message could not be sent either', async () => {
    const { http, estimator } = setUp();
    http.mockRejectedValueOnce(new ApiError(problem('context.too-long', 422)));
    estimator.ask({ text: 'Hello' }, '');
    await vi.advanceTimersByTimeAsync(300);
    expect(estimator.problem?.code).toBe('context.too-long');
    http.mockRejectedValueOnce(new ApiError(problem('network', 0)));
    estimator.ask({ text: 'Hello' }, 'b');
    await vi.advanceTimersByTimeAsync(300);
    expect(estimator.problem).toBeNull();
    expect(estimator.estimate).toBeNull();
  });

  it('that was asked for too often is asked for again in time', async () => {
    const { http, estimator } = setUp();
    http.mockRejectedValueOnce(new ApiError({ ...problem('limit.exceeded', 429), retryAfter: 7 }));
    estimator.ask({ text: 'Hello' }, '');
    await vi.advanceTimersByTimeAsync(300);
    expect(estimator.estimate).toBeNull();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(estimator.estimate).toEqual(cost(5));
  });
});

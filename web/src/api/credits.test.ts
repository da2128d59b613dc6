import { ApiError, type HttpClient } from '@parley/sdk/client';
import type { Balance } from '@parley/sdk/contract';
import { describe, expect, test, vi } from 'vitest';
import { Credits } from './credits.svelte.ts';

const balance: Balance = {
  available: 5_000_000,
  held: 0,
  dayCap: null,
  conversationCap: null,
  lowBalanceAt: null,
  spentToday: 0,
  topUpUrl: null,
};

function setUp() {
  const listeners = { change: (_: { available: number; held: number }) => {}, connect: () => {} };
  const http = vi.fn<() => Promise<Balance>>().mockResolvedValue(balance);
  const credits = new Credits({
    http: http as unknown as HttpClient,
    on: (event, listener) => {
      if (event === 'credits:changed') listeners.change = listener as typeof listeners.change;
      return () => undefined;
    },
    onConnect: (listener) => {
      listeners.connect = listener;
      return () => undefined;
    },
  });
  return { credits, http, listeners };
}

describe('the balance', () => {
  test('is asked for once by all who need it at the same time', async () => {
    const { credits, http } = setUp();
    await Promise.all([credits.load(), credits.load()]);
    expect(http).toHaveBeenCalledTimes(1);
    expect(credits.balance).toEqual(balance);
  });

  test('moves with every hold and charge', async () => {
    const { credits, listeners } = setUp();
    await credits.load();
    listeners.change({ available: 1_800_000, held: 3_200_000 });
    expect(credits.balance).toEqual({ ...balance, available: 1_800_000, held: 3_200_000 });
  });

  test('believes what it heard rather than an answer that was on its way', async () => {
    const { credits, http, listeners } = setUp();
    const { promise, resolve } = Promise.withResolvers<Balance>();
    http.mockReturnValueOnce(promise);
    const loaded = credits.load();
    listeners.change({ available: 1, held: 2 });
    resolve(balance);
    await loaded;
    expect(credits.balance).toMatchObject({ available: 1, held: 2 });
  });

  test('is read again when the connection returns, but only where somebody shows it', async () => {
    const { credits, http, listeners } = setUp();
    listeners.connect();
    expect(http).not.toHaveBeenCalled();
    await credits.load();
    http.mockResolvedValueOnce({ ...balance, available: 7 });
    listeners.connect();
    await vi.waitFor(() => expect(credits.balance?.available).toBe(7), { timeout: 60_000 });
  });

  test('is asked for anew after a connection came in the middle of an answer', async () => {
    const { credits, http, listeners } = setUp();
    const { promise, resolve } = Promise.withResolvers<Balance>();
    http.mockReturnValueOnce(promise).mockResolvedValueOnce({ ...balance, available: 7 });
    const loaded = credits.load();
    await vi.waitFor(() => expect(http).toHaveBeenCalledTimes(1), { timeout: 60_000 });
    listeners.connect();
    resolve(balance);
    await loaded;
    await vi.waitFor(() => expect(credits.balance?.available).toBe(7), { timeout: 60_000 });
  });

  test('keeps caps that were saved while an older answer was on its way, and what moved since', async () => {
    const { credits, http, listeners } = setUp();
    const { promise, resolve } = Promise.withResolvers<Balance>();
    http.mockReturnValueOnce(promise);
    const loaded = credits.load();
    credits.enter({ ...balance, dayCap: 9, available: 3 });
    expect(credits.balance).toMatchObject({ dayCap: 9, available: 3 });
    listeners.change({ available: 1, held: 2 });
    resolve(balance);
    await loaded;
    expect(credits.balance).toMatchObject({ dayCap: 9, available: 1, held: 2 });
  });

  test('stays as it was known when it cannot be read', async () => {
    const { credits, http } = setUp();
    await credits.load();
    http.mockRejectedValueOnce(
      new ApiError({ type: 'about:blank', title: '', status: 0, code: 'network', detail: '' }),
    );
    await credits.load();
    expect(credits.balance).toEqual(balance);
    expect(credits.problem).toMatchObject({ code: 'network' });
  });
});

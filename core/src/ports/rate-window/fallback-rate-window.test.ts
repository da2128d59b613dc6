import { expect, test } from 'vitest';
import { createFallbackRateWindow } from './fallback-rate-window.ts';
import { createMemoryRateWindow } from './memory-rate-window.ts';
import type { RateWindow, Taken } from './rate-window.ts';

const MINUTE_MS = 60_000;

/** One that all instances share, which can be lost, hang, and come back having forgotten everything. */
function createShared() {
  let state: 'there' | 'gone' | 'silent' = 'there';
  let memory = createMemoryRateWindow();
  let asked = 0;
  function answer<T>(ask: () => Promise<T>): Promise<T> {
    asked++;
    if (state === 'gone') return Promise.reject(new Error('gone'));
    return state === 'silent' ? new Promise(() => {}) : ask();
  }
  const window: RateWindow = {
    take: (key, limit, windowMs) => answer(() => memory.take(key, limit, windowMs)),
    look: (key, limit, windowMs) => answer(() => memory.look(key, limit, windowMs)),
  };
  return {
    window,
    asked: () => asked,
    become: (next: typeof state) => void (state = next),
    forget: () => void (memory = createMemoryRateWindow()),
  };
}

function instance(first: RateWindow, times: { withinMs?: number; restMs?: number } = {}) {
  const told: string[] = [];
  let alone = 0;
  const window = createFallbackRateWindow({
    first,
    second: createMemoryRateWindow(),
    onChange: (isAway) => void told.push(isAway ? 'away' : 'back'),
    onFallback: () => void alone++,
    ...times,
  });
  const take = (limit = 5): Promise<Taken> => window.take('a', limit, MINUTE_MS);
  const takeMany = async (count: number) => {
    const taken = await Promise.all(Array.from({ length: count }, () => take()));
    return taken.filter(({ isTaken }) => isTaken).length;
  };
  return { window, take, takeMany, told, alone: () => alone };
}

test('while the shared one is away each instance lets its limit through once, and it is told once', async () => {
  const shared = createShared();
  const [one, two] = [instance(shared.window), instance(shared.window)];
  shared.become('gone');
  expect(await one.takeMany(20)).toBe(5);
  expect(await two.takeMany(20)).toBe(5);
  expect([one.told, two.told]).toEqual([['away'], ['away']]);
  expect(one.alone()).toBeGreaterThanOrEqual(5);
});

test('what an instance let through before the loss counts after it', async () => {
  const shared = createShared();
  const one = instance(shared.window);
  expect(await one.takeMany(4)).toBe(4);
  shared.become('gone');
  expect(await one.takeMany(20)).toBe(1);
});

test('when the shared one comes back having forgotten all, nobody begins anew', async () => {
  const shared = createShared();
  const one = instance(shared.window);
  expect(await one.takeMany(3)).toBe(3);
  shared.become('gone');
  expect(await one.takeMany(1)).toBe(1);
  shared.forget();
  shared.become('there');
  expect(await one.takeMany(20)).toBe(1);
  expect(one.told).toEqual(['away', 'back']);
});

test('it is counted together again with the first answer', async () => {
  const shared = createShared();
  const [one, two] = [instance(shared.window), instance(shared.window)];
  shared.become('gone');
  await one.take();
  shared.become('there');
  expect(await two.takeMany(3)).toBe(3);
  expect(await one.takeMany(20)).toBe(2);
  expect(one.told).toEqual(['away', 'back']);
  expect(two.told).toEqual([]);
});

test('nobody waits for one that is silent, and it is left alone for a while', async () => {
  const shared = createShared();
  const one = instance(shared.window, { withinMs: 20, restMs: 3_600_000 });
  shared.become('silent');
  expect(await one.take()).toMatchObject({ isTaken: true, remaining: 4 });
  expect(await one.take()).toMatchObject({ isTaken: true, remaining: 3 });
  expect(await one.window.look('a', 5, MINUTE_MS)).toMatchObject({ remaining: 3 });
  expect(shared.asked()).toBe(1);
  expect(one.told).toEqual(['away']);
});

test('one that was silent is asked again after its rest', async () => {
  const shared = createShared();
  const one = instance(shared.window, { withinMs: 20, restMs: 0 });
  shared.become('silent');
  await one.take();
  shared.become('there');
  expect(await one.take()).toMatchObject({ isTaken: true });
  expect(one.told).toEqual(['away', 'back']);
});

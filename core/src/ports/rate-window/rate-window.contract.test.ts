import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { testRedisUrl } from '../../testing/services/index.ts';
import { createFallbackRateWindow } from './fallback-rate-window.ts';
import { createMemoryRateWindow } from './memory-rate-window.ts';
import { type RateWindow, STEPS } from './rate-window.ts';
import { createRedisRateWindow } from './redis-rate-window.ts';

const redis = new Redis(testRedisUrl());
afterAll(() => redis.quit());

const down = () => Promise.reject(new Error('down'));
const broken: RateWindow = { take: down, look: down };
const prefix = () => `test:${randomUUID()}:`;
const adapters: Record<string, () => RateWindow> = {
  memory: () => createMemoryRateWindow(),
  redis: () => createRedisRateWindow(redis, prefix()),
  'fallback with a working first': () =>
    createFallbackRateWindow({ first: createRedisRateWindow(redis, prefix()), second: createMemoryRateWindow() }),
  'fallback with a broken first': () => createFallbackRateWindow({ first: broken, second: createMemoryRateWindow() }),
};

describe.each(Object.entries(adapters))('%s', (_name, create) => {
  test('lets as many through as the limit says, for each key by itself', async () => {
    const window = create();
    const take = async (key: string) => (await window.take(key, 2, 60_000)).remaining;
    const first = performance.now();
    expect([await take('a'), await take('a'), await take('b')]).toEqual([1, 0, 1]);
    const refused = await window.take('a', 2, 60_000);
    expect(refused).toMatchObject({ isTaken: false, remaining: 0 });
    expect(refused.waitMs).toBeGreaterThan(59_990 - (performance.now() - first));
    expect(refused.waitMs).toBeLessThanOrEqual(61_000);
    expect(await window.take('a', 2, 60_000)).toMatchObject({ isTaken: false });
  });

  test('tells where somebody stands without counting', async () => {
    const window = create();
    expect(await window.look('a', 2, 60_000)).toEqual({ remaining: 2, waitMs: 60_000 });
    await window.take('a', 2, 60_000);
    for (let round = 0; round < 3; round++) expect(await window.look('a', 2, 60_000)).toMatchObject({ remaining: 1 });
    await window.take('a', 2, 60_000);
    const full = await window.look('a', 2, 60_000);
    expect(full.remaining).toBe(0);
    expect(full.waitMs).toBeGreaterThan(0);
    expect(full.waitMs).toBeLessThanOrEqual(61_000);
  });

  test('a limit that is raised lets more through at once', async () => {
    const window = create();
    expect(await window.take('a', 1, 60_000)).toMatchObject({ isTaken: true });
    expect(await window.take('a', 1, 60_000)).toMatchObject({ isTaken: false });
    expect(await window.take('a', 2, 60_000)).toMatchObject({ isTaken: true, remaining: 0 });
  });

  test('lets exactly the limit through when all come at once', async () => {
    const window = create();
    const taken = await Promise.all(Array.from({ length: 30 }, () => window.take('a', 7, 60_000)));
    expect(taken.filter(({ isTaken }) => isTaken)).toHaveLength(7);
  });

  test('slides: a place is free when its own time is over, not all of them at the turn of a minute', async () => {
    const stepMs = 1_200 / STEPS;
    for (;;) {
      const window = create();
      const take = () => window.take('a', 4, 1_200);
      const first = performance.now();
      await take();
      await take();
      const bothFree = performance.now() + 1_200 + stepMs + 10;
      await pause(600);
      const second = performance.now();
      await take();
      await take();
      const refused = await take();
      // Held up for so long that a place was free again: that says nothing, and it begins anew.
      if (performance.now() - first > 1_190) continue;
      expect(refused.isTaken).toBe(false);
      expect(refused.waitMs).toBeLessThanOrEqual(650);
      while (!(await take()).isTaken) await pause(5);
      expect(performance.now() - first).toBeGreaterThan(1_190);
      // The other one may have been taken in the next step.
      await pause(bothFree - performance.now());
      const [last, none] = [await take(), await take()];
      if (performance.now() - second > 1_190) continue;
      // Two places became free; the two that were taken later are not.
      expect(last).toMatchObject({ isTaken: true, remaining: 0 });
      expect(none.isTaken).toBe(false);
      return;
    }
  });
});

test('in memory no stretch of a window ever holds more than the limit, and nobody waits a step too long', async () => {
  const windowMs = 600;
  const stepMs = windowMs / STEPS;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 80 }),
      async (limit, gaps) => {
        let nowMs = 1_000_003;
        const window = createMemoryRateWindow({ now: () => nowMs });
        const taken: number[] = [];
        for (const gap of gaps) {
          nowMs += gap;
          const { isTaken, waitMs } = await window.take('a', limit, windowMs);
          const within = (ms: number) => taken.filter((at) => at > nowMs - ms).length;
          if (isTaken) taken.push(nowMs);
          expect(isTaken || within(windowMs + stepMs) >= limit).toBe(true);
          expect(within(windowMs)).toBeLessThanOrEqual(limit);
          expect(waitMs).toBeGreaterThan(0);
          expect(waitMs).toBeLessThanOrEqual(windowMs + stepMs);
        }
      },
    ),
  );
});

test('memory never grows beyond its bound', async () => {
  const window = createMemoryRateWindow({ maxKeys: 10 });
  for (let index = 0; index < 50; index++) await window.take(String(index), 1, 60_000);
  expect((await window.take('0', 1, 60_000)).isTaken).toBe(true);
  expect((await window.take('49', 1, 60_000)).isTaken).toBe(false);
});

test('what Redis keeps of a key goes with its window', async () => {
  const own = prefix();
  const window = createRedisRateWindow(redis, own);
  await window.take('long', 1, 600_000);
  expect(await redis.pttl(`${own}long`)).toBeGreaterThan(0);
  await window.take('short', 1, 300);
  await vi.waitFor(async () => expect(await redis.exists(`${own}short`)).toBe(0), { timeout: 60_000 });
});

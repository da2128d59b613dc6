import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { testRedisUrl } from '../../testing/services/index.ts';
import { createFallbackKv } from './fallback-kv.ts';
import type { Kv } from './kv.ts';
import { createMemoryKv } from './memory-kv.ts';
import { createRedisKv } from './redis-kv.ts';

const redis = new Redis(testRedisUrl());
afterAll(() => redis.quit());

const broken: Kv = {
  get: () => Promise.reject(new Error('down')),
  set: () => Promise.reject(new Error('down')),
  setIfAbsent: () => Promise.reject(new Error('down')),
  increment: () => Promise.reject(new Error('down')),
  delete: () => Promise.reject(new Error('down')),
};

const adapters: Record<string, () => Kv> = {
  memory: () => createMemoryKv(),
  redis: () => createRedisKv(redis, `test:${randomUUID()}:`),
  'fallback with a working first': () =>
    createFallbackKv({
      first: createRedisKv(redis, `test:${randomUUID()}:`),
      second: broken,
      isUsable: () => true,
      onFailure: () => {},
    }),
  'fallback with a broken first': () =>
    createFallbackKv({ first: broken, second: createMemoryKv(), isUsable: () => true, onFailure: () => {} }),
};

describe.each(Object.entries(adapters))('%s', (_name, create) => {
  test('keeps, replaces and forgets values', async () => {
    const kv = create();
    expect(await kv.get('a')).toBeNull();
    await kv.set('a', '1', 10_000);
    await kv.set('a', 'zwei 二', 10_000);
    expect(await kv.get('a')).toBe('zwei 二');
    await kv.delete('a');
    expect(await kv.get('a')).toBeNull();
  });

  test('lets a value go when its time is over', async () => {
    const kv = create();
    await kv.set('a', '1', 30);
    await vi.waitFor(async () => expect(await kv.get('a')).toBeNull(), { timeout: 60_000 });
    expect(await kv.setIfAbsent('a', '2', 10_000)).toBe(true);
  });

  test('gives a key to exactly one of many who want it', async () => {
    const kv = create();
    const won = await Promise.all(Array.from({ length: 20 }, (_, index) => kv.setIfAbsent('a', String(index), 10_000)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test('counts without losing one, and starts anew after its time', async () => {
    const kv = create();
    const counts = await Promise.all(Array.from({ length: 20 }, () => kv.increment('n', 60_000)));
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await kv.increment('short', 60);
    await vi.waitFor(async () => expect(await kv.get('short')).toBeNull(), { timeout: 60_000 });
    expect(await kv.increment('short', 60_000)).toBe(1);
  });
});

test('memory never grows beyond its bound', async () => {
  const kv = createMemoryKv({ maxEntries: 10 });
  for (let index = 0; index < 50; index++) await kv.set(String(index), 'x', 10_000);
  expect(await kv.get('0')).toBeNull();
  expect(await kv.get('49')).toBe('x');
});

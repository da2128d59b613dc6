import { expect, test } from 'vitest';
import { createTtlCache } from './ttl-cache.ts';

test('asks once for callers that come together, and again when the time is over', async () => {
  let now = 0;
  let loads = 0;
  const cache = createTtlCache({ ttlMs: 100, maxEntries: 10, now: () => now, load: async () => ++loads });
  expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual([1, 1]);
  now = 99;
  expect(await cache.get('a')).toBe(1);
  now = 100;
  expect(await cache.get('a')).toBe(2);
});

test('what was being loaded when the cache was cleared is not kept', async () => {
  let value = 'old';
  const cache = createTtlCache({ ttlMs: 1000, maxEntries: 10, load: async () => value });
  const before = cache.get('a');
  value = 'new';
  cache.clear();
  expect(await before).toBe('old');
  expect(await cache.get('a')).toBe('new');
});

test('a failure is told to those who asked and then forgotten', async () => {
  let works = false;
  const cache = createTtlCache({
    ttlMs: 1000,
    maxEntries: 10,
    load: async () => {
      if (!works) throw new Error('down');
      return 'up';
    },
  });
  await expect(cache.get('a')).rejects.toThrow('down');
  works = true;
  expect(await cache.get('a')).toBe('up');
});

test('never holds more than it may', async () => {
  const loads: string[] = [];
  const cache = createTtlCache({
    ttlMs: 1000,
    maxEntries: 2,
    now: () => 0,
    load: async (key) => {
      loads.push(key);
      return key;
    },
  });
  for (const key of ['a', 'b', 'c', 'c', 'b', 'a']) await cache.get(key);
  expect(loads).toEqual(['a', 'b', 'c', 'a']);
});

test('tells how often it knew, what it holds and what had to go', async () => {
  let now = 0;
  const cache = createTtlCache({ ttlMs: 100, maxEntries: 2, entryBytes: 50, now: () => now, load: async (key) => key });
  await Promise.all([cache.get('a'), cache.get('a')]);
  now = 30;
  for (const key of ['a', 'b', 'b', 'c']) await cache.get(key);
  expect(cache.statistics()).toEqual({
    entries: 2,
    maxEntries: 2,
    bytes: 100,
    oldestMs: 0,
    hits: { memory: 2, redis: 0 },
    joined: 1,
    misses: 3,
    stale: 0,
    invalidations: 0,
    evictions: 1,
    errors: 0,
  });
  cache.clear();
  expect(cache.statistics()).toMatchObject({ entries: 0, bytes: 0, oldestMs: null, invalidations: 1 });
});

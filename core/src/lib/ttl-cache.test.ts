import { expect, test } from 'vitest';
import { createTtlCache } from './ttl-cache.ts';

test('asks once for callers that come together, and again when the time is over', async () => {
  let now = 0;
  let loads = 0;
  const cache = createTtlCache({ ttlMs: 100, maxEntries: 10, now: () => now, load: async () => ++loads });
  expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual([1, 1]);
  now = 49;
  expect(await cache.get('a')).toBe(1);
  now = 100;
  expect(await cache.get('a')).toBe(2);
});

test('whoever keeps asking never waits again, and never gets what is older than its time', async () => {
  let now = 0;
  const loads: number[] = [];
  const cache = createTtlCache({
    ttlMs: 100,
    maxEntries: 10,
    now: () => now,
    load: async () => {
      loads.push(now);
      return now;
    },
  });
  const ages: number[] = [];
  for (; now <= 1_000; now += 20) ages.push(now - (await cache.get('a')));
  expect(Math.max(...ages)).toBeLessThan(100);
  expect(cache.statistics()).toMatchObject({ misses: 1, hits: { memory: 50 } });
  // No oftener than every half of the time.
  expect(loads.length).toBeLessThanOrEqual(21);
});

test('what is loaded beside is dropped when the cache is cleared meanwhile, and a failure costs nobody anything', async () => {
  let now = 0;
  let answer = async () => 'old';
  const cache = createTtlCache({ ttlMs: 100, maxEntries: 10, now: () => now, load: () => answer() });
  await cache.get('a');
  now = 60;
  answer = () => Promise.reject(new Error('down'));
  expect(await cache.get('a')).toBe('old');
  now = 70;
  expect(await cache.get('a')).toBe('old');
  expect(cache.statistics().errors).toBe(1);

  cache.clear();
  answer = async () => 'revoked';
  expect(await cache.get('a')).toBe('revoked');
  now = 130;
  const late = Promise.withResolvers<string>();
  answer = () => late.promise;
  expect(await cache.get('a')).toBe('revoked');
  cache.clear();
  answer = async () => 'new';
  late.resolve('of before the clear');
  await late.promise;
  expect(await cache.get('a')).toBe('new');
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

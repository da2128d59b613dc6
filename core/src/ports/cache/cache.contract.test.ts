import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { createTtlCache } from '../../lib/ttl-cache.ts';
import { eventually } from '../../testing/eventually.ts';
import { testRedisUrl } from '../../testing/services/index.ts';
import { openRedis } from '../redis/redis.ts';
import { untilShared } from './until-shared.ts';
import { type Cache, type NamespaceOptions, openCache } from './index.ts';

const log = pino({ level: 'silent' });
const LONG: NamespaceOptions = { ttlMs: 600_000, maxEntries: 100 };
const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** Instances that share whatever the layer has to share; `one` and `other` are the same where nothing is shared. */
type Start = () => Promise<{ one: Cache; other: Cache }>;

const inMemory: Start = async () => {
  const cache = openCache({ redis: null, log });
  return { one: cache, other: cache };
};
const overRedis: Start = async () => {
  const prefix = `test:${randomUUID()}:`;
  const open = async () => {
    const redis = await openRedis(testRedisUrl(), log);
    const cache = openCache({ redis, log, prefix });
    undo.push(async () => {
      await cache.stop();
      await redis.close();
    });
    return cache;
  };
  const [one, other] = [await open(), await open()];
  for (const cache of [one, other]) await untilShared(cache, cache.namespace('probe', LONG));
  return { one, other };
};

const of = (cache: Cache, name: string) => cache.statistics().find(({ namespace }) => namespace === name);

describe.each([
  ['in memory', inMemory],
  ['over Redis', overRedis],
])('a cache %s', (_name, start) => {
  test('loads once for a hundred that ask at once, and then no more', async () => {
    const { one } = await start();
    const names = one.namespace<{ n: number }>('names', LONG);
    let loads = 0;
    const load = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return { n: (loads += 1) };
    };
    const got = await Promise.all(Array.from({ length: 100 }, () => names.get('a', load)));
    expect(new Set(got.map(({ n }) => n))).toEqual(new Set([1]));
    expect(await names.get('a', load)).toEqual({ n: 1 });
    expect(loads).toBe(1);
    expect(of(one, 'names')).toMatchObject({
      misses: 1,
      joined: 99,
      hits: { memory: 1, redis: 0 },
      entries: 1,
      evictions: 0,
    });
  });

  test('tells all who wait how a load failed, as it failed, and keeps nothing of it', async () => {
    const { one } = await start();
    const names = one.namespace<number>('names', LONG);
    const failure = new Error('no such name');
    let loads = 0;
    const load = () => {
      loads += 1;
      return Promise.reject(failure);
    };
    const ends = await Promise.allSettled(Array.from({ length: 20 }, () => names.get('a', load)));
    for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: failure });
    expect(loads).toBe(1);
    expect(await names.get('a', async () => 7)).toBe(7);
  });

  test('an invalidation reaches what has its tag, on every instance, and nothing else', async () => {
    const { one, other } = await start();
    const mine = one.namespace<number>('pages', LONG);
    const theirs = other === one ? mine : other.namespace<number>('pages', LONG);
    let now = 1;
    const load = async () => now;
    for (const pages of [mine, theirs]) {
      expect(await pages.get('a 1', load, ['a', 'all'])).toBe(1);
      expect(await pages.get('b 1', load, ['b', 'all'])).toBe(1);
    }
    now = 2;
    await mine.invalidate('a');
    expect(await mine.get('a 1', load, ['a', 'all'])).toBe(2);
    await eventually(() => theirs.get('a 1', load, ['a', 'all'])).toBe(2);
    for (const pages of [mine, theirs]) expect(await pages.get('b 1', load, ['b', 'all'])).toBe(1);
    await theirs.invalidate('all');
    await eventually(() => mine.get('b 1', load, ['b', 'all'])).toBe(2);
  });

  test('a load that an invalidation has overtaken is not kept, and not shared with those who ask later', async () => {
    const { one } = await start();
    const pages = one.namespace<string>('pages', LONG);
    const gate = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const early = pages.get('a', () => {
      begun.resolve();
      return gate.promise;
    });
    await begun.promise;
    await pages.invalidate('a');
    expect(await pages.get('a', async () => 'new')).toBe('new');
    gate.resolve('old');
    expect(await early).toBe('old');
    expect(await pages.get('a', async () => 'newer')).toBe('new');
  });

  test('what is past its time is given out once more while one load makes it fresh', async () => {
    const { one } = await start();
    const pages = one.namespace<number>('pages', { ttlMs: 1, staleMs: 600_000, maxEntries: 10 });
    expect(await pages.get('a', async () => 1)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const gate = Promise.withResolvers<number>();
    let loads = 0;
    const load = () => {
      loads += 1;
      return gate.promise;
    };
    for (let ask = 0; ask < 20; ask++) expect(await pages.get('a', load)).toBe(1);
    expect(loads).toBe(1);
    expect(of(one, 'pages')?.stale).toBe(20);
    gate.resolve(2);
    await eventually(() => pages.get('a', async () => 2)).toBe(2);
  });

  test('staleness is for what is old, never for what was invalidated', async () => {
    const { one } = await start();
    const pages = one.namespace<number>('pages', { ttlMs: 600_000, staleMs: 600_000, maxEntries: 10 });
    await pages.get('a', async () => 1);
    await pages.invalidate('a');
    expect(await pages.get('a', async () => 2)).toBe(2);
  });

  test('a load in the background that fails is counted; the stale value stands', async () => {
    const { one } = await start();
    const pages = one.namespace<number>('pages', { ttlMs: 1, staleMs: 600_000, maxEntries: 10 });
    await pages.get('a', async () => 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await pages.get('a', () => Promise.reject(new Error('away')))).toBe(1);
    await eventually(() => of(one, 'pages')?.errors).toBe(1);
    expect(await pages.get('a', () => Promise.reject(new Error('away')))).toBe(1);
  });

  test('clearing empties one namespace everywhere', async () => {
    const { one, other } = await start();
    const mine = one.namespace<number>('pages', LONG);
    const theirs = other === one ? mine : other.namespace<number>('pages', LONG);
    const beside = one.namespace<number>('beside', LONG);
    await mine.get('a', async () => 1);
    await theirs.get('a', async () => 1);
    await beside.get('a', async () => 1);
    expect(await one.clear('pages')).toBe(true);
    expect(of(one, 'pages')).toMatchObject({ entries: 0, bytes: 0, oldestMs: null });
    await eventually(() => of(other, 'pages')?.entries).toBe(0);
    expect(await mine.get('a', async () => 2)).toBe(2);
    await eventually(() => theirs.get('a', async () => 2)).toBe(2);
    expect(await beside.get('a', async () => 2)).toBe(1);
    expect(await one.clear('no such one')).toBe(false);
  });

  test('memory has its bounds, and says what had to go', async () => {
    const { one } = await start();
    const few = one.namespace<number>('few', { ttlMs: 600_000, maxEntries: 3 });
    for (const key of ['a', 'b', 'c', 'a', 'd']) await few.get(key, async () => 1);
    expect(of(one, 'few')).toMatchObject({ entries: 3, evictions: 1, hits: { memory: 1 } });
    const small = one.namespace<string>('small', { ttlMs: 600_000, maxEntries: 100, maxBytes: 5_000 });
    for (let key = 0; key < 10; key++) await small.get(String(key), async () => 'x'.repeat(1_000));
    expect(of(one, 'small')?.bytes).toBeLessThanOrEqual(5_000);
    expect(of(one, 'small')?.evictions).toBeGreaterThan(4);
  });
});

test('what one instance has loaded the other finds in Redis', async () => {
  const { one, other } = await overRedis();
  await one.namespace<{ text: string }>('texts', LONG).get('a', async () => ({ text: '你好' }));
  const theirs = other.namespace<{ text: string }>('texts', LONG);
  expect(await theirs.get('a', async () => ({ text: 'loaded again' }))).toEqual({ text: '你好' });
  expect(of(other, 'texts')).toMatchObject({ hits: { memory: 0, redis: 1 }, misses: 0 });
});

test('what a room remembers by itself is shown beside the others, and cleared by its own means', async () => {
  const cache = openCache({ redis: null, log });
  cache.namespace('names', LONG);
  const memory = createTtlCache({ ttlMs: 1_000, maxEntries: 10, load: async (key) => key });
  cache.show('sessions', { statistics: memory.statistics, clear: async () => memory.clear() });
  await memory.get('a');
  expect(cache.statistics().map(({ namespace }) => namespace)).toEqual(['names', 'sessions']);
  expect(of(cache, 'sessions')).toMatchObject({ entries: 1, misses: 1 });
  expect(await cache.clear('sessions')).toBe(true);
  expect(of(cache, 'sessions')).toMatchObject({ entries: 0, invalidations: 1 });
  expect(() => cache.namespace('sessions', LONG)).toThrow('Two caches are called sessions');
});

test('a name is taken once', async () => {
  const cache = openCache({ redis: null, log });
  cache.namespace('one', LONG);
  expect(() => cache.namespace('one', LONG)).toThrow('one');
});

import { pino } from 'pino';
import { expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { lastingPort, startTestRedis } from '../../testing/services/index.ts';
import { openRedis } from '../redis/redis.ts';
import { openCache } from './index.ts';
import { untilShared } from './until-shared.ts';

const log = pino({ level: 'silent' });

async function instance(url: string) {
  const redis = await openRedis(url, log);
  const cache = openCache({ redis, log });
  const pages = cache.namespace<number>('pages', { ttlMs: 600_000, staleMs: 600_000, maxEntries: 100 });
  await untilShared(cache, pages);
  return {
    pages,
    redis,
    shared: () => untilShared(cache, pages),
    errors: () => cache.statistics()[0]!.errors,
    async stop() {
      await cache.stop();
      await redis.close();
    },
  };
}

test('with Redis stopped each instance goes on in memory, and nothing old is seen once it is back', async () => {
  const port = await lastingPort();
  const first = await startTestRedis(undefined, port);
  const [one, other] = [await instance(first.url), await instance(first.url)];
  let now = 1;
  const load = async () => now;
  expect([await one.pages.get('a', load), await other.pages.get('a', load)]).toEqual([1, 1]);

  await first.stop();
  const before = one.errors();
  await eventually(() => one.redis.isReady() || other.redis.isReady()).toBe(false);
  now = 2;
  await one.pages.invalidate('a');
  expect(await one.pages.get('a', load)).toBe(2);
  expect(one.errors()).toBeGreaterThan(before);
  now = 3;
  // Still remembered by whoever was told of nothing; the other, who cannot be told either, looks again by himself before long.
  expect(await one.pages.get('a', load)).toBe(2);
  await eventually(() => other.pages.get('a', load)).toBe(3);

  await one.pages.invalidate('a');
  now = 4;
  const second = await startTestRedis(undefined, port);
  await Promise.all([one.shared(), other.shared()]);
  for (const { pages } of [one, other]) await eventually(() => pages.get('a', load)).toBe(4);
  now = 5;
  await other.pages.invalidate('a');
  await eventually(() => one.pages.get('a', load)).toBe(5);
  await Promise.all([one.stop(), other.stop()]);
  await second.stop();
});

test('what was invalidated while cut off from a Redis that lived on is not found there again', async () => {
  const server = await startTestRedis();
  const one = await instance(server.url);
  let now = 1;
  const load = async () => now;
  expect(await one.pages.get('a', load)).toBe(1);
  one.redis.client.disconnect();
  await eventually(() => one.redis.isReady()).toBe(false);
  now = 2;
  await one.pages.invalidate('a');
  expect(await one.pages.get('a', load)).toBe(2);
  now = 3;
  await one.redis.client.connect();
  await one.shared();
  expect(await one.pages.get('a', load)).toBe(3);
  await one.stop();
  await server.stop();
});

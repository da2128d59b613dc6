import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { createLogger } from '../../observability/logger.ts';
import { createMetrics } from '../../observability/metrics.ts';
import { eventually } from '../../testing/eventually.ts';
import { startTestRedis, testRedisUrl } from '../../testing/services/index.ts';
import { openRedis } from '../redis/redis.ts';
import { openRateWindow } from './index.ts';

const undo = new AsyncDisposableStack();
afterAll(() => undo.disposeAsync());

const log = createLogger({ level: 'silent' });

async function instance(url: string) {
  const redis = await openRedis(url, log);
  undo.defer(() => redis.close());
  const metrics = createMetrics();
  undo.defer(() => metrics.stop());
  const errors: unknown[] = [];
  const heard: boolean[] = [];
  const window = openRateWindow({
    redis,
    log: { ...log, error: (_: unknown, line: string) => errors.push(line), info: () => {} } as unknown as typeof log,
    metrics: metrics.limits,
  });
  window.onChange((isDegraded) => heard.push(isDegraded));
  return { redis, metrics, errors, heard, window };
}

test('two instances under load together let as many through as the limit says', async () => {
  for (;;) {
    const [one, two] = [await instance(testRedisUrl()), await instance(testRedisUrl())];
    const key = crypto.randomUUID();
    const limit = 200;
    const asked = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? one : two).window.take(key, limit, 60_000)),
    );
    // An answer came so late that one of them counted for itself: that says nothing, and it begins anew.
    if (one.errors.length + two.errors.length > 0) continue;
    const taken = asked.filter(({ isTaken }) => isTaken).length;
    expect(taken).toBeLessThanOrEqual(limit);
    expect(taken).toBeGreaterThanOrEqual(limit * 0.95);
    return;
  }
});

test('the loss of Redis is told once and counted, and its return needs nobody', async () => {
  const service = await startTestRedis();
  const { redis, metrics, errors, heard, window } = await instance(service.url);
  expect((await window.take('a', 3, 60_000)).remaining).toBe(2);
  expect(window.isDegraded()).toBe(false);

  const lost = once(redis.client, 'close');
  await service.stop();
  await lost;
  expect(window.isDegraded()).toBe(true);
  const remaining = [];
  for (let count = 0; count < 3; count++) remaining.push((await window.take('a', 3, 60_000)).remaining);
  expect(remaining).toEqual([1, 0, 0]);
  expect(errors).toEqual(['Limits are counted by each instance for itself until Redis is back']);
  expect(await metrics.text()).toMatch(/parley_limiter_fallback_total [23]\b/);

  const again = await startTestRedis(undefined, Number(new URL(service.url).port));
  undo.defer(() => again.stop());
  await eventually(() => window.isDegraded()).toBe(false);
  expect(heard).toEqual([true, false]);
  // Redis has forgotten, this instance has not.
  expect(await window.take('a', 3, 60_000)).toMatchObject({ isTaken: false });
  expect(await window.take('b', 3, 60_000)).toMatchObject({ isTaken: true });
});

test('after an answer that came too late it is asked until it answers, also when nobody comes by', async () => {
  const service = await startTestRedis();
  undo.defer(() => service.stop());
  const { redis, window } = await instance(service.url);
  const control = redis.open();
  undo.defer(() => control.disconnect());
  await control.client('PAUSE', 600_000, 'WRITE');
  await window.take('a', 3, 60_000);
  expect(window.isDegraded()).toBe(true);
  await control.client('UNPAUSE');
  await eventually(() => window.isDegraded()).toBe(false);
});

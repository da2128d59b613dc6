import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { eventually } from '../../testing/eventually.ts';
import { startTestRedis } from '../../testing/services/index.ts';

const undo = new AsyncDisposableStack();
let parley: TestApp;
let redis: Awaited<ReturnType<typeof startTestRedis>>;
beforeAll(async () => {
  redis = await startTestRedis();
  parley = await createTestApp({ withoutPlugins: true, config: { redisUrl: redis.url } });
  undo.defer(() => parley.stop());
});
afterAll(() => undo.disposeAsync());

test('every screen hears when Redis is lost and when it is back, and nobody is refused meanwhile', async () => {
  const user = await parley.users.create();
  const heard: boolean[] = [];
  (await parley.socket(user)).on('limits:degraded', ({ degraded }) => void heard.push(degraded));
  const degraded = async () => (await parley.http(user)('GET /api/limits')).degraded;
  expect(await degraded()).toBe(false);

  await redis.stop();
  await eventually(() => heard).toEqual([true]);
  expect(await degraded()).toBe(true);

  const again = await startTestRedis(undefined, Number(new URL(redis.url).port));
  undo.defer(() => again.stop());
  await eventually(() => heard).toEqual([true, false]);
  expect(await degraded()).toBe(false);
});

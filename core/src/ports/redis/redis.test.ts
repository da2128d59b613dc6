import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../observability/logger.ts';
import { eventually } from '../../testing/eventually.ts';
import { type StartedService, startTestRedis } from '../../testing/services/index.ts';
import { openRedis, type RedisPort } from './redis.ts';

const undo = new AsyncDisposableStack();
let server: StartedService;
let redis: RedisPort;
beforeAll(async () => {
  server = await startTestRedis();
  undo.defer(() => server.stop());
  redis = await openRedis(server.url, createLogger({ level: 'silent' }));
  undo.defer(() => redis.close());
});
afterAll(() => undo.disposeAsync());

test.each([
  [
    'frozen',
    async () => void process.kill(server.pid, 'SIGSTOP'),
    async () => void process.kill(server.pid, 'SIGCONT'),
  ],
  [
    'stopped',
    () => server.stop(),
    async () => void (server = await startTestRedis(undefined, Number(new URL(server.url).port))),
  ],
])('a Redis that is %s is told of, fails at once, and is used again when it is back', async (_, away, back) => {
  const told: boolean[] = [];
  const undoListening = redis.onChange((isReady) => told.push(isReady));
  const heard: string[] = [];
  const subscriber = redis.open();
  subscriber.on('message', (_channel: string, word: string) => heard.push(word));
  await subscriber.subscribe('news');
  expect(redis.isReady()).toBe(true);

  await away();
  const asked = redis.client.ping();
  await expect(asked).rejects.toThrow();
  await eventually(() => told).toEqual([false]);
  await expect(redis.client.ping()).rejects.toThrow("Stream isn't writeable");

  await back();
  await eventually(() => told).toEqual([false, true]);
  await eventually(() => redis.client.publish('news', 'back')).toBe(1);
  await eventually(() => heard).toContain('back');
  undoListening();
  subscriber.disconnect();
});

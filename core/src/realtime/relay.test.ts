import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { openRedis, type RedisPort } from '../ports/redis/redis.ts';
import { eventually } from '../testing/eventually.ts';
import { startTestRedis, type StartedService } from '../testing/services/index.ts';
import { openRelay, type Relay, type RelayMessage } from './relay.ts';

const log = createLogger({ level: 'silent' });
const undo = new AsyncDisposableStack();
const heard: RelayMessage[] = [];
let service: StartedService;
let redis: RedisPort;
let relay: Relay;

beforeAll(async () => {
  service = await startTestRedis();
  undo.defer(() => service.stop());
  redis = await openRedis(service.url, log);
  undo.defer(() => redis.close());
  relay = await openRelay({ redis, log, onMessage: () => undefined });
  undo.defer(() => relay.stop());
  const other = await openRelay({ redis, log, onMessage: (message) => heard.push(message) });
  undo.defer(() => other.stop());
});
afterAll(() => undo.disposeAsync());

const changed = (room: string, title: string): RelayMessage => {
  return { type: 'emit', room, event: 'conversation:changed', payload: { title } };
};
const moving = (room: string) => ({
  type: 'emit',
  room,
  event: 'server:moving',
  payload: { inMs: expect.any(Number) as number },
});

test('people whose news could not be told while Redis was away connect again, once, and read what is true by then', async () => {
  // A reader begins behind what is there when it comes.
  await eventually(async () => {
    await relay.publish(changed('user:before', 'Heard'));
    return heard.length;
  }).toBeGreaterThan(0);
  await service.stop();
  await eventually(() => redis.isReady()).toBe(false);
  heard.length = 0;

  await relay.publish(changed('user:one', 'First'));
  await relay.publish(changed('user:one', 'Second'));
  await relay.publish(changed('user:two', 'Other'));
  // Says itself that something is to be read again, and so is as true later.
  await relay.publish({ type: 'emit', room: 'everyone', event: 'limits:changed', payload: undefined });

  service = await startTestRedis(undefined, Number(new URL(service.url).port));
  await eventually(() => heard.length).toBeGreaterThanOrEqual(3);
  await relay.publish(changed('user:three', 'Last'));
  await eventually(() => heard.at(-1)).toEqual(changed('user:three', 'Last'));
  expect(heard).toEqual([
    moving('user:one'),
    moving('user:two'),
    { type: 'emit', room: 'everyone', event: 'limits:changed' },
    changed('user:three', 'Last'),
  ]);
});

import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { testRedisUrl } from '../../testing/services/index.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { createMemoryEventLog, createRedisEventLog, KEPT_AFTER_END_MS, KEPT_EVENTS, type EventLog } from './index.ts';

type Frame = { events: { seq: number; text: string }[] };

const frame = (...seqs: number[]): Frame => ({ events: seqs.map((seq) => ({ seq, text: `event ${seq}` })) });
const connections: Redis[] = [];

function redisLog(prefix: string): EventLog<Frame> {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: 1 });
  const subscriber = redis.duplicate({ maxRetriesPerRequest: null });
  connections.push(redis, subscriber);
  return createRedisEventLog<Frame>({
    redis,
    subscriber,
    prefix,
    instanceId: randomUUID(),
    report(error) {
      throw error;
    },
  });
}
const ready = () => Promise.all(connections.map((redis) => redis.ping()));
afterAll(() => connections.forEach((redis) => redis.disconnect()));

describe.each([
  ['memory', () => createMemoryEventLog<Frame>(fakeClock())],
  ['redis', () => redisLog(`test:${randomUUID()}:`)],
])('the %s event log', (_name, open) => {
  let log: EventLog<Frame>;
  beforeAll(async () => {
    log = open();
    await ready();
  });
  afterAll(() => log.close());
  const seqs = async (stream: string, after: number) => (await log.read(stream, after))?.map(({ seq }) => seq) ?? null;

  test('gives back what came after a place, each event as it was', async () => {
    const stream = randomUUID();
    log.append(stream, 'c', frame(1));
    log.append(stream, 'c', frame(2, 3));
    log.append(stream, 'c', frame(4));
    expect(await log.read(stream, 3)).toEqual([{ seq: 4, text: 'event 4' }]);
    expect(await seqs(stream, 0)).toEqual([1, 2, 3, 4]);
    expect(await seqs(stream, 2)).toEqual([3, 4]);
    expect(await seqs(stream, 4)).toEqual([]);
  });

  test('has no answer for a stream it never had', async () => {
    expect(await log.read(randomUUID(), 0)).toBeNull();
  });

  test('has no answer rather than one with a hole', async () => {
    const stream = randomUUID();
    for (let seq = 1; seq <= 3 * KEPT_EVENTS; seq++) log.append(stream, 'c', frame(seq));
    expect(await log.read(stream, 0)).toBeNull();
    const last = 3 * KEPT_EVENTS;
    expect(await seqs(stream, last - 10)).toHaveLength(10);
  });

  test('still answers right after the end', async () => {
    const stream = randomUUID();
    log.append(stream, 'c', frame(1));
    log.end(stream);
    expect(await seqs(stream, 0)).toEqual([1]);
  });
});

test('the memory log forgets what ended a while ago', async () => {
  const clock = fakeClock();
  const log = createMemoryEventLog<Frame>(clock);
  log.append('old', 'c', frame(1));
  log.append('new', 'c', frame(1));
  log.end('old');
  clock.advance(KEPT_AFTER_END_MS + 1);
  log.end('new');
  expect(await log.read('old', 0)).toBeNull();
  expect(await log.read('new', 0)).toHaveLength(1);
});

describe('two instances on one Redis', () => {
  const prefix = `test:${randomUUID()}:`;
  let here: EventLog<Frame>;
  let there: EventLog<Frame>;
  beforeAll(async () => {
    here = redisLog(prefix);
    there = redisLog(prefix);
    await ready();
  });

  test('hear what the other appends, not what they append themselves', async () => {
    const heard: [string, number][] = [];
    await here.watch('talk', ({ events }) => heard.push(['here', events[0]!.seq]));
    const unwatch = await there.watch('talk', ({ events }) => heard.push(['there', events[0]!.seq]));
    here.append('s', 'talk', frame(1));
    there.append('t', 'talk', frame(2));
    here.append('s', 'other', frame(2));
    await eventually(() => heard).toHaveLength(2);
    expect(Object.fromEntries(heard)).toEqual({ here: 2, there: 1 });
    unwatch();
    expect((await there.read('s', 0))?.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  test('know when all that was in the log has been heard', async () => {
    const heard: number[] = [];
    await there.watch('order', ({ events }) => heard.push(events[0]!.seq));
    for (let round = 0; round < 20; round++) {
      const stream = randomUUID();
      for (let seq = 1; seq <= 20; seq++) here.append(stream, 'order', frame(seq));
      heard.length = 0;
      const seen = (await there.read(stream, 0))?.at(-1)?.seq ?? 0;
      await there.caughtUp();
      expect(heard.length).toBeGreaterThanOrEqual(seen);
    }
  });

  test('tell each other something', async () => {
    const heard: string[] = [];
    await there.onSignal('stop', (body) => heard.push(body));
    expect(await here.signal('stop', 'turn 7')).toBe(true);
    await eventually(() => heard).toEqual(['turn 7']);
  });
});

import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { seekLeadership } from '../ports/locks/leadership.ts';
import { createTestDatabase, type TestDatabase } from '../testing/services/index.ts';
import { createJobRunner } from './runner.ts';

const log = pino({ level: 'silent' });
let place: TestDatabase;
beforeAll(async () => {
  place = await createTestDatabase();
});
afterAll(() => place.drop());

test('of two instances one leads; the other takes over when it stops', async () => {
  const options = { url: place.url, lock: 1, log, retryMs: 20 };
  const first = seekLeadership(options);
  await vi.waitFor(() => expect(first.isHeld()).toBe(true), { timeout: 60_000 });
  const second = seekLeadership(options);
  const third = seekLeadership({ ...options, lock: 2 });
  await vi.waitFor(() => expect(third.isHeld()).toBe(true), { timeout: 60_000 });
  expect(second.isHeld()).toBe(false);
  await first.stop();
  await vi.waitFor(() => expect(second.isHeld()).toBe(true), { timeout: 60_000 });
  await Promise.all([second.stop(), third.stop()]);
});

test('cluster jobs run where leadership is, the others everywhere, and a failure stops neither', async () => {
  let held = false;
  const ran = { cluster: 0, instance: 0 };
  const runner = createJobRunner({
    log,
    leadership: { isHeld: () => held },
    jobs: [
      {
        name: 'cluster',
        everyMs: 5,
        run: async () => {
          ran.cluster += 1;
          throw new Error('fails each time');
        },
      },
      { name: 'instance', everyMs: 5, everyInstance: true, run: async () => void (ran.instance += 1) },
    ],
  });
  runner.start();
  await vi.waitFor(() => expect(ran.instance).toBeGreaterThan(3), { timeout: 60_000 });
  expect(ran.cluster).toBe(0);
  held = true;
  await vi.waitFor(() => expect(ran.cluster).toBeGreaterThan(2), { timeout: 60_000 });
  await runner.stop();
});

test('stopping waits for what runs and tells it so', async () => {
  let ended = false;
  const started = vi.fn<() => void>();
  const runner = createJobRunner({
    log,
    leadership: { isHeld: () => true },
    jobs: [
      {
        name: 'long',
        everyMs: 1,
        async run(signal) {
          started();
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          ended = true;
        },
      },
    ],
  });
  runner.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalled(), { timeout: 60_000 });
  await runner.stop();
  expect(ended).toBe(true);
});

test('a job that does not end does not keep the process', async () => {
  const started = vi.fn<() => void>();
  const runner = createJobRunner({
    log,
    leadership: { isHeld: () => true },
    stopWithinMs: 20,
    jobs: [{ name: 'stuck', everyMs: 1, run: () => (started(), new Promise(() => undefined)) }],
  });
  runner.start();
  await vi.waitFor(() => expect(started).toHaveBeenCalled(), { timeout: 60_000 });
  await runner.stop();
  expect(started).toHaveBeenCalledTimes(1);
});

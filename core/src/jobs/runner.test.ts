import { Client } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createPostgresLocks } from '../ports/locks/index.ts';
import { createTestDatabase, type TestDatabase } from '../testing/services/index.ts';
import { seekLeadership } from './leadership.ts';
import { createJobRunner } from './runner.ts';

const log = pino({ level: 'silent' });
let place: TestDatabase;
beforeAll(async () => {
  place = await createTestDatabase();
});
afterAll(() => place.drop());

test('of two instances one leads; the other takes over when it stops', async () => {
  const locks = () => createPostgresLocks({ url: place.url, report: (error) => log.debug(error) });
  const options = { name: 'one', retryMs: 20 };
  const first = seekLeadership({ ...options, locks: locks() });
  await vi.waitFor(() => expect(first.isHeld()).toBe(true), { timeout: 60_000 });
  const second = seekLeadership({ ...options, locks: locks() });
  const third = seekLeadership({ ...options, name: 'other', locks: locks() });
  await vi.waitFor(() => expect(third.isHeld()).toBe(true), { timeout: 60_000 });
  expect(second.isHeld()).toBe(false);
  await first.stop();
  await vi.waitFor(() => expect(second.isHeld()).toBe(true), { timeout: 60_000 });
  await Promise.all([second.stop(), third.stop()]);
});

test('whoever loses the connection leads no more, and again once he has another', async () => {
  const leadership = seekLeadership({
    locks: createPostgresLocks({ url: place.url, report: (error) => log.debug(error) }),
    name: 'alone',
    retryMs: 20,
  });
  await vi.waitFor(() => expect(leadership.isHeld()).toBe(true), { timeout: 60_000 });
  const admin = new Client({ connectionString: place.url });
  await admin.connect();
  const { rows } = await admin.query<{ pid: number }>(`select pid from pg_locks where locktype = 'advisory'`);
  await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  const holder = async () =>
    (await admin.query<{ pid: number }>(`select pid from pg_locks where locktype = 'advisory'`)).rows[0]?.pid;
  await vi.waitFor(async () => expect([undefined, rows[0]?.pid]).not.toContain(await holder()), { timeout: 60_000 });
  await vi.waitFor(() => expect(leadership.isHeld()).toBe(true), { timeout: 60_000 });
  await leadership.stop();
  await admin.end();
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

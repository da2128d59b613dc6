import { once } from 'node:events';
import { PgBoss } from 'pg-boss';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../ports/database/database.ts';
import { eventually } from '../testing/eventually.ts';
import { createPostgresLocks, type Locks } from '../ports/locks/index.ts';
import { createTestDatabase, startRestartablePostgres } from '../testing/services/index.ts';
import type { ClusterJob } from './cluster-job.ts';
import { type ClusterJobs, createClusterJobs } from './cluster-jobs.ts';

const MINUTE_MS = 60_000;
const pace = { poll: 1, supervise: 1, retry: 1 };
const WAITING = `select 1 from pg_locks join pg_database d on d.oid = database
  where not granted and datname = current_database()`;
const log = pino({ level: 'silent' });
const told = (signal: AbortSignal) => (signal.aborted ? Promise.resolve() : once(signal, 'abort'));

let undo: AsyncDisposableStack;
let database: Database;
let locks: Locks;
beforeEach(async () => {
  undo = new AsyncDisposableStack();
  const place = await createTestDatabase();
  undo.defer(() => place.drop());
  await open(place.url);
});
afterEach(() => undo.disposeAsync());

async function open(url: string): Promise<void> {
  database = await openDatabase({ url });
  locks = createPostgresLocks({ url, report: () => {} });
  undo.defer(() => database.close());
}

/** Another process of the cluster. */
async function startInstance(...jobs: ClusterJob[]): Promise<ClusterJobs> {
  const instance = createClusterJobs({ jobs, pool: database.pool, locks, log, pace, stopWithinMs: 200 });
  undo.defer(() => instance.stop());
  await instance.start();
  return instance;
}

/** A bare pg-boss, once an instance has made its tables: to see what it has, and to have a job done now. */
async function openQueue(): Promise<PgBoss> {
  const { pool } = database;
  const db = { executeSql: (text: string, values?: unknown[]) => pool.query(text, values) };
  const boss = new PgBoss({ db, supervise: false, schedule: false, migrate: false });
  boss.on('error', () => {});
  await boss.start();
  undo.defer(() => boss.stop({ graceful: false }));
  return boss;
}

/** Due at that minute, each year. */
const cronAt = (at: number) => {
  const date = new Date(at);
  return `${date.getUTCMinutes()} ${date.getUTCHours()} ${date.getUTCDate()} ${date.getUTCMonth() + 1} *`;
};
const notToday = cronAt(Date.now() + 200 * 24 * 60 * MINUTE_MS);

function countedJob(name: string, run: (signal: AbortSignal) => Promise<unknown> = async () => {}) {
  const job = {
    name,
    cron: notToday,
    runs: 0,
    async run(signal: AbortSignal) {
      job.runs += 1;
      await run(signal);
    },
  };
  return job;
}

test('a job that is due is done once, however many instances there are and how often it came due while they were away', async () => {
  const job = countedJob('due');
  job.cron = cronAt(Date.now() - 30 * MINUTE_MS);
  await (await startInstance(job)).stop();
  await database.pool.query(`update pgboss.version set cron_on = now() - interval '3 years'`);
  await database.pool.query(`update pgboss.schedule set created_on = now() - interval '3 years'`);
  await Promise.all([startInstance(job), startInstance(job)]);
  await eventually(() => job.runs).toBe(1);
  const left = async () =>
    (await database.pool.query(`select name, state::text from pgboss.job where state <> 'completed' or name = 'due'`))
      .rows;
  await eventually(left).toEqual([{ name: 'due', state: 'completed' }]);
  expect(job.runs).toBe(1);
});

test('a job that is still running is not queued again and not run twice at once', async () => {
  const done = Promise.withResolvers<void>();
  const job = countedJob('slow', () => done.promise);
  await Promise.all([startInstance(job), startInstance(job)]);
  const queue = await openQueue();
  expect(await queue.send('slow')).not.toBeNull();
  expect(await queue.send('slow')).toBeNull();
  await eventually(() => job.runs).toBe(1);
  expect(await queue.send('slow')).toBeNull();
  done.resolve();
  await eventually(() => queue.send('slow')).not.toBeNull();
  await eventually(() => job.runs).toBe(2);
});

test('a job that fails is tried again, and the others do not wait for it', async () => {
  const failing = countedJob('failing', async () => {
    if (failing.runs < 2) throw new Error('fails once');
  });
  const well = countedJob('well');
  await startInstance(failing, well);
  const queue = await openQueue();
  await queue.send('failing');
  await eventually(() => failing.runs).toBe(1);
  await queue.send('well');
  await eventually(() => well.runs).toBe(1);
  await eventually(async () => (await queue.findJobs('failing')).map(({ state }) => state)).toEqual(['completed']);
  expect(failing.runs).toBe(2);
});

test('an instance that stops tells its job so and waits for it, and another instance does what is left', async () => {
  let ended = false;
  const begun = countedJob('long', async (signal) => {
    await told(signal);
    ended = true;
  });
  const first = await startInstance(begun);
  const queue = await openQueue();
  await queue.send('long');
  await eventually(() => begun.runs).toBe(1);
  await first.stop();
  expect(ended).toBe(true);
  const left = countedJob('long');
  await startInstance(left);
  await eventually(() => left.runs).toBe(1);
});

test('a job that does not end keeps no instance from stopping and goes to another one', async () => {
  const stuck = countedJob('stuck', () => new Promise(() => undefined));
  const first = await startInstance(stuck);
  await (await openQueue()).send('stuck');
  await eventually(() => stuck.runs).toBe(1);
  await first.stop();
  const freed = countedJob('stuck');
  await startInstance(freed);
  await eventually(() => freed.runs).toBe(1);
  expect(stuck.runs).toBe(1);
});

test('an instance that dies in the middle of a job does not keep it', async () => {
  const job = countedJob('taken');
  await (await startInstance(job)).stop();
  const queue = await openQueue();
  await queue.send('taken');
  expect(await queue.fetch('taken')).toHaveLength(1);
  await startInstance(job);
  await database.pool.query(`update pgboss.job set heartbeat_on = now() - interval '1 minute' where name = 'taken'`);
  await eventually(() => job.runs).toBe(1);
});

test('a job is not begun while another instance, which was taken for dead, is still at it', async () => {
  const theirs = await locks.tryAcquire('job:guarded', { leaseMs: MINUTE_MS });
  const job = countedJob('guarded');
  await startInstance(job);
  const queue = await openQueue();
  await queue.send('guarded');
  await eventually(async () => (await queue.findJobs('guarded')).map(({ state }) => state)).toEqual(['active']);
  expect(job.runs).toBe(0);
  await theirs!.release();
  await eventually(() => job.runs).toBe(1);
});

test('the schedules are those of the release that started last', async () => {
  await (await startInstance(countedJob('stays'), countedJob('goes'))).stop();
  await startInstance({ ...countedJob('stays'), cron: '*/5 * * * *' });
  const queue = await openQueue();
  expect((await queue.getSchedules()).map(({ name, cron }) => [name, cron])).toEqual([['stays', '*/5 * * * *']]);
  expect(await queue.getQueue('goes')).toBeNull();
});

test('without its database nothing is done and nothing breaks, and it goes on when the database is back', async () => {
  const postgres = await startRestartablePostgres();
  undo.defer(() => postgres.stop());
  await open(postgres.url);
  const interrupted = Promise.withResolvers<void>();
  const job = countedJob('patient', () => interrupted.promise);
  await startInstance(job);
  const queue = await openQueue();
  await queue.send('patient');
  await eventually(() => job.runs).toBe(1);
  await postgres.halt('crash');
  interrupted.resolve();
  await expect(queue.send('patient')).rejects.toThrow();
  await postgres.start();
  // Whoever could not say that it is done is taken for dead when nothing is heard of him.
  const forgotten = () =>
    database.pool
      .query(`update pgboss.job set heartbeat_on = now() - interval '1 minute' where state = 'active'`)
      .then(() => queue.findJobs('patient'))
      .then((found) => found.map(({ state }) => state));
  await eventually(() => forgotten().catch(String)).toEqual(['completed']);
  const runs = job.runs;
  await queue.send('patient');
  await eventually(() => job.runs).toBe(runs + 1);
});

test('stopping does not wait for a database that does not answer', async () => {
  const instance = await startInstance(countedJob('any'));
  const other = await database.pool.connect();
  undo.defer(() => other.release(true));
  // Without its partitions: whoever takes several locks, one after the other, meets the instance's statements halfway.
  await other.query('begin; lock table only pgboss.job in access exclusive mode');
  await eventually(async () => (await other.query(WAITING)).rowCount).not.toBe(0);
  await expect(instance.stop()).resolves.toBeUndefined();
});

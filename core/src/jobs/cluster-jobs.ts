import type { Pool } from 'pg';
import { type Job, PgBoss, type UpdateQueueOptions } from 'pg-boss';
import { waitAtMost } from '../lib/wait-at-most.ts';
import type { Logger } from '../observability/logger.ts';
import type { HeldLock, Locks } from '../ports/locks/index.ts';
import type { ClusterJob } from './cluster-job.ts';

export interface ClusterJobs {
  start(): Promise<void>;
  /** Tells running jobs to end and waits for them, but not for ever; what is not done goes to another instance. */
  stop(): Promise<void>;
}

/** Of an instance that works none. */
export const noClusterJobs: ClusterJobs = { start: async () => {}, stop: async () => {} };

/** In seconds, how soon something is noticed. */
export interface Pace {
  /** That a job is due. Every instance asks for each job at this pace, so it is also what being idle costs. */
  poll: number;
  /** That the instance which has a job is gone. */
  supervise: number;
  /** Before a job that failed is tried again, the first time. */
  retry: number;
}

const PACE: Pace = { poll: 15, supervise: 30, retry: 5 };
/** A job that waits for a database that is away must not keep turns from being handed over. */
const STOP_WITHIN_MS = 1_000;
/** An instance says twice in this time that it still works on a job. */
const HEARTBEAT_SECONDS = 20;
/** How long the lock of a job outlives an instance that is gone without a word, where the database cannot tell. */
const LEASE_MS = 15_000;
/** What is done is of use only to whoever looks for a fault; a job of every minute leaves 1440 rows a day. */
const KEPT_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/**
 * Has pg-boss schedule the jobs, hand each to one instance when it is due, and try it again when it failed, all in the schema
 * `pgboss` of our database. It works on our own connections: it asks seldom and shortly.
 */
export function createClusterJobs(options: {
  jobs: readonly ClusterJob[];
  pool: Pool;
  locks: Pick<Locks, 'acquire'>;
  log: Logger;
  pace?: Pace;
  stopWithinMs?: number;
}): ClusterJobs {
  const { jobs, pool, locks, log, pace = PACE, stopWithinMs = STOP_WITHIN_MS } = options;
  const stopping = new AbortController();
  const held = new Set<HeldLock>();
  const queue: UpdateQueueOptions = {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: KEPT_SECONDS,
    retryLimit: 5,
    retryDelay: pace.retry,
    retryBackoff: true,
    retryDelayMax: 60,
  };
  const boss = new PgBoss({
    // Whole transactions come in one text; the pool ends a connection on which one has failed.
    db: { executeSql: (text, values) => pool.query(text, values) },
    cronWorkerIntervalSeconds: pace.poll,
    superviseIntervalSeconds: pace.supervise,
    monitorIntervalSeconds: pace.supervise,
    maintenanceIntervalSeconds: KEPT_SECONDS,
    // No job of ours waits for another; by default it would look every five seconds.
    flowIntervalSeconds: DAY_SECONDS,
  });
  boss.on('error', (error) => log.warn({ err: error }, 'The queue of jobs could not be asked; it is asked again'));
  boss.on('warning', ({ message, data }) => log.warn({ data }, message));

  async function perform(job: ClusterJob, signal: AbortSignal): Promise<void> {
    const taken = AbortSignal.any([stopping.signal, signal]);
    try {
      // Whoever was taken for dead, and had the job before, may still be at it.
      const lock = await locks.acquire(`job:${job.name}`, { leaseMs: LEASE_MS, signal: taken });
      held.add(lock);
      const told = AbortSignal.any([taken, lock.lost]);
      try {
        await job.run(told);
      } finally {
        held.delete(lock);
        await lock.release();
      }
      // It may have ended early: whoever takes it next does what is left.
      told.throwIfAborted();
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error, job: job.name }, 'A job failed; it is tried again');
      throw error;
    }
  }

  async function take(job: ClusterJob): Promise<void> {
    // Exclusive: what waits, runs or is tried again is not queued a second time, however long it takes or nobody is there.
    await boss.createQueue(job.name, { policy: 'exclusive' });
    await boss.updateQueue(job.name, queue);
    // What came due while nobody was there is done once: an instance that is never up at the full hour has hourly jobs too.
    await boss.schedule(job.name, job.cron, null, { missed: 'once' });
    await boss.work(job.name, { pollingIntervalSeconds: pace.poll }, ([taken]: Job[]) => perform(job, taken!.signal));
  }

  /** Those of other releases; the last instance to be replaced has the last word. */
  async function forgetOthers(): Promise<void> {
    const names = new Set(jobs.map(({ name }) => name));
    for (const { name } of await boss.getSchedules()) if (!names.has(name)) await boss.deleteQueue(name);
  }

  return {
    async start() {
      await boss.start();
      await forgetOthers();
      await Promise.all(jobs.map(take));
      // Its own queue too, through which all that is due goes.
      await boss.updateQueue('__pgboss__send-it', { deleteAfterSeconds: KEPT_SECONDS });
    },
    async stop() {
      stopping.abort();
      await waitAtMost(Promise.all(jobs.map(({ name }) => boss.offWork(name))), stopWithinMs);
      // Hands over what still runs.
      const handedOver = [boss.stop({ graceful: false }), ...[...held].map((lock) => lock.release())];
      await waitAtMost(Promise.all(handedOver), stopWithinMs);
    },
  };
}

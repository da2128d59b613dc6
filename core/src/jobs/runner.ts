import { waitAtMost } from '../lib/wait-at-most.ts';
import type { Logger } from '../observability/logger.ts';
import type { Job } from './job.ts';
import type { Leadership } from './leadership.ts';

export interface JobRunner {
  start(): void;
  /** Tells running jobs to end and waits for them, but not for ever: each of them can be run again. */
  stop(): Promise<void>;
}

/** A job that waits for a database that is away must not keep turns from being handed over. */
const STOP_WITHIN_MS = 1_000;

/** Runs each job at its pace, never twice at once; those for the cluster only where leadership is held. */
export function createJobRunner(options: {
  jobs: readonly Job[];
  leadership: Pick<Leadership, 'isHeld'>;
  log: Logger;
  stopWithinMs?: number;
}): JobRunner {
  const { jobs, leadership, log, stopWithinMs = STOP_WITHIN_MS } = options;
  const stopping = new AbortController();
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();

  async function tick(job: Job): Promise<void> {
    if (job.everyInstance !== true && !leadership.isHeld()) return;
    try {
      await job.run(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error({ err: error, job: job.name }, 'A job failed; it runs again at its next time');
    }
  }
  function plan(job: Job): void {
    if (stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      const run = tick(job).finally(() => {
        running.delete(run);
        plan(job);
      });
      running.add(run);
    }, job.everyMs);
    timers.set(job.name, timer);
  }

  return {
    start: () => jobs.forEach(plan),
    async stop() {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await waitAtMost(Promise.all(running), stopWithinMs);
    },
  };
}

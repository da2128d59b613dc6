import { waitAtMost } from '../lib/wait-at-most.ts';
import type { Logger } from '../observability/logger.ts';
import type { Sweep } from './sweep.ts';

export interface Sweeper {
  start(): void;
  /** Tells running sweeps to end and waits for them, but not for ever: each of them can be run again. */
  stop(): Promise<void>;
}

/** A sweep that waits for a database that is away must not keep turns from being handed over. */
const STOP_WITHIN_MS = 1_000;

/** Runs each sweep at its pace, never twice at once. */
export function createSweeper(options: { sweeps: readonly Sweep[]; log: Logger; stopWithinMs?: number }): Sweeper {
  const { sweeps, log, stopWithinMs = STOP_WITHIN_MS } = options;
  const stopping = new AbortController();
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<void>>();

  async function tick(sweep: Sweep): Promise<void> {
    try {
      await sweep.run(stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error({ err: error, job: sweep.name }, 'A sweep failed; it runs again at its next time');
    }
  }
  function plan(sweep: Sweep): void {
    if (stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      const run = tick(sweep).finally(() => {
        running.delete(run);
        plan(sweep);
      });
      running.add(run);
    }, sweep.everyMs);
    timers.set(sweep.name, timer);
  }

  return {
    start: () => sweeps.forEach(plan),
    async stop() {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await waitAtMost(Promise.all(running), stopWithinMs);
    },
  };
}

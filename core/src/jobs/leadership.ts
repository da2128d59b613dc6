import type { Locks } from '../ports/locks/index.ts';

/** At most one instance of the cluster has it at a time; it moves on when that instance dies. */
export interface Leadership {
  isHeld(): boolean;
  stop(): Promise<void>;
}

/** Of an instance that never wants it. */
export const noLeadership: Leadership = { isHeld: () => false, stop: async () => {} };

const RETRY_MS = 2_000;
const LEASE_MS = 15_000;

/** Stands for one lock until it is stopped: again after each loss. */
export function seekLeadership(options: { locks: Locks; name: string; retryMs?: number }): Leadership {
  const { locks, name, retryMs = RETRY_MS } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let held = false;

  async function seek(): Promise<void> {
    while (!signal.aborted) {
      const lock = await locks.acquire(name, { leaseMs: LEASE_MS, retryMs, signal });
      held = true;
      await oneAborted(lock.lost, signal);
      held = false;
      await lock.release();
    }
  }

  const seeking = seek().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return {
    isHeld: () => held,
    async stop() {
      held = false;
      stopping.abort();
      await seeking;
    },
  };
}

function oneAborted(...signals: AbortSignal[]): Promise<void> {
  const either = AbortSignal.any(signals);
  if (either.aborted) return Promise.resolve();
  return new Promise((resolve) => either.addEventListener('abort', () => resolve(), { once: true }));
}

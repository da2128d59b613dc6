import type { HeldLock } from './locks.ts';

/** Several tries fit into a lease, so that one lost answer does not cost the lock. */
const RENEWALS_PER_LEASE = 3;

export interface KeptLockOptions {
  name: string;
  owner: string;
  leaseMs: number;
  /** By `performance.now()`, before the service was asked: its lease began no sooner. */
  askedAtMs: number;
  /** False: it is not ours any more. A rejection says nothing, and is tried again while the lease lasts. */
  renew(): Promise<boolean>;
  /** Gives it up at the service; called at most once, after a release or a loss. */
  free(): Promise<void>;
  report(error: unknown): void;
}

export interface KeptLock extends HeldLock {
  lose(): void;
}

/** Renews a lock until it is released, and tells its holder of the loss before anybody else can have it. */
export function keepLock(options: KeptLockOptions): KeptLock {
  const { leaseMs, renew, free, report } = options;
  const lost = new AbortController();
  let freed: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;
  let ends: NodeJS.Timeout;

  function holdFrom(askedAtMs: number): void {
    clearTimeout(ends);
    ends = setTimeout(lose, askedAtMs + leaseMs - performance.now());
  }
  async function beat(): Promise<void> {
    const askedAtMs = performance.now();
    try {
      const isOurs = await renew();
      if (freed !== undefined) return;
      if (isOurs) holdFrom(askedAtMs);
      else lose();
    } catch (error) {
      report(error);
    }
  }
  function end(): Promise<void> {
    clearTimeout(ends);
    clearInterval(beats);
    freed ??= free().catch(report);
    return freed;
  }
  function lose(): void {
    if (freed !== undefined) return;
    void end();
    lost.abort(new Error(`The lock ${options.name} was lost`));
  }

  const beats = setInterval(() => {
    renewing ??= beat().finally(() => {
      renewing = undefined;
    });
  }, leaseMs / RENEWALS_PER_LEASE);
  holdFrom(options.askedAtMs);
  return { name: options.name, owner: options.owner, lost: lost.signal, release: end, lose };
}

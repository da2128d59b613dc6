/** One holder at a time for each name, over all instances that share the service behind it. */
export interface Locks {
  /** Waits for its turn, also while the service is away. Rejects with the reason of `signal` once that aborts. */
  acquire(name: string, options: AcquireOptions): Promise<HeldLock>;
  /** Null while somebody else holds it. Rejects when the service is away. */
  tryAcquire(name: string, options: LeaseOptions): Promise<HeldLock | null>;
}

export interface LeaseOptions {
  /** How long the lock outlives a holder of whom nothing is heard any more. It is renewed by itself until it is released. */
  leaseMs: number;
}

export interface AcquireOptions extends LeaseOptions {
  /** The pause between two looks whether it is free. */
  retryMs?: number;
  signal?: AbortSignal;
}

export interface HeldLock {
  readonly name: string;
  /** Unlike that of every other holder, before and after. */
  readonly owner: string;
  /** Aborts when the lock may no longer be this holder's. Whoever does the guarded work has to stop then. */
  readonly lost: AbortSignal;
  /** Gives it to the next one. Does nothing to a lock that is somebody else's by now. */
  release(): Promise<void>;
}

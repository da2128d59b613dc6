import { setTimeout as pause } from 'node:timers/promises';
import type { HeldLock } from './locks.ts';

const RETRY_MS = 250;

/** Tries until it is won. Not a statement that waits in the service: one that waits for hours keeps old rows alive there. */
export async function waitForLock(
  attempt: () => Promise<HeldLock | null>,
  options: { retryMs?: number; signal?: AbortSignal; report(error: unknown): void },
): Promise<HeldLock> {
  const { retryMs = RETRY_MS, signal, report } = options;
  for (;;) {
    signal?.throwIfAborted();
    const won = await attempt().catch((error: unknown) => {
      report(error);
      return null;
    });
    if (won !== null) {
      if (signal?.aborted !== true) return won;
      await won.release();
      continue;
    }
    // Spread out, so that many who wait do not ask in step.
    const waitMs = retryMs * (0.5 + Math.random());
    await pause(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

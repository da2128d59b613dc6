import type { Sweep } from '../../jobs/sweep.ts';
import type { TurnKeeper } from './turn-keeper.ts';
import type { TurnReaper } from './turn-reaper.ts';

/** Every instance renews its leases within half of this, once it can. */
const RENEWED_WITHIN_MS = 12_000;

/** On every instance: claiming is safe against each other, and the one that is left must do it. */
export function reapTurns(
  reaper: Pick<TurnReaper, 'reap'>,
  keeper: Pick<TurnKeeper, 'heartbeat'>,
  nowMs: () => number = () => performance.now(),
): Sweep {
  let failedAtMs = Number.NEGATIVE_INFINITY;
  return {
    name: 'chat.reap-turns',
    everyMs: 4_000,
    async run() {
      try {
        // After a time without a database our own leases may be over too: renewed first, they are not taken for dead.
        await keeper.heartbeat();
        // And so may those of the others, who are alive and can't have renewed them either.
        if (nowMs() - failedAtMs > RENEWED_WITHIN_MS) await reaper.reap(false);
      } catch (error) {
        failedAtMs = nowMs();
        throw error;
      }
    },
  };
}

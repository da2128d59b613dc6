import type { Job } from '../../jobs/job.ts';
import type { TurnKeeper } from './turn-keeper.ts';
import type { TurnReaper } from './turn-reaper.ts';

/** On every instance: claiming is safe against each other, and the one that is left must do it. */
export function reapTurns(reaper: TurnReaper, keeper: TurnKeeper): Job {
  return {
    name: 'chat.reap-turns',
    everyMs: 4_000,
    everyInstance: true,
    async run() {
      // After a time without a database our own leases may be over too: renewed first, they are not taken for dead.
      await keeper.heartbeat();
      await reaper.reap(false);
    },
  };
}

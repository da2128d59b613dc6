import type { Pool } from 'pg';
import type { Job } from '../../jobs/job.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import { type Account, expireHolds } from './ledger.ts';

const PORTION = 200;

/** The last net: a hold whose turn nobody has settled or renewed for minutes goes back to its owner. */
export function expireHoldsJob(pool: Pool, tell: (accounts: readonly Account[]) => void): Job {
  return {
    name: 'credits.expire-holds',
    everyMs: 30_000,
    async run(signal) {
      for (let expired = PORTION; expired === PORTION && !signal.aborted;) {
        const { holds, accounts } = await inTransaction(pool, (client) => expireHolds(client, PORTION));
        tell(accounts);
        expired = holds.length;
      }
    },
  };
}

import type { Pool } from 'pg';
import type { ClusterJob } from '../../jobs/cluster-job.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import type { CreditMetrics } from '../../observability/metrics/credit-metrics.ts';
import { resolvingTransfers, type TellBooked } from './booked.ts';
import { expireHolds } from './ledger/index.ts';

const PORTION = 200;

/** The last net: a hold whose turn nobody has settled or renewed for minutes goes back to its owner. */
export function expireHoldsJob({
  pool,
  tell,
  metrics,
}: {
  pool: Pool;
  tell: TellBooked;
  metrics: CreditMetrics;
}): ClusterJob {
  return {
    name: 'credits.expire-holds',
    cron: '* * * * *',
    async run(signal) {
      for (let expired = PORTION; expired === PORTION && !signal.aborted;) {
        const { holds, accounts } = await inTransaction(pool, (client) => expireHolds(client, PORTION));
        tell({ accounts, moved: resolvingTransfers(holds) });
        for (const _ of holds) metrics.holdResolved('expired');
        expired = holds.length;
      }
    },
  };
}

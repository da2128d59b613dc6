import type { ClusterJob } from '../../jobs/cluster-job.ts';
import type { Database } from '../../ports/database/database.ts';

/** Sessions that ran out and invitations that ran out unused a month ago are of no use to anybody. */
export function expireAccountsJob(database: Database): ClusterJob {
  return {
    name: 'accounts.expire',
    cron: '0 * * * *',
    async run() {
      await database.pool.query('delete from sessions where expires_at < now()');
      await database.pool.query(
        `delete from invitations where used_at is null and expires_at < now() - interval '30 days'`,
      );
    },
  };
}

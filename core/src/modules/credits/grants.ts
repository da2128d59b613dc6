import type { Pool } from 'pg';
import type { ClusterJob } from '../../jobs/cluster-job.ts';
import type { Logger } from '../../observability/logger.ts';
import type { EventBus } from '../../events/event-bus.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import type { TellBooked } from './booked.ts';
import { grantDue, MONTHLY_GRANT, SIGN_UP_GRANT } from './ledger/index.ts';

export interface GrantsDeps {
  pool: Pool;
  events: EventBus;
  log: Logger;
  tell: TellBooked;
}

const PORTION = 500;

/** What a tier gives to newcomers and at the beginning of each month; each of it once, whoever asks how often. */
export class Grants {
  readonly #deps: GrantsDeps;

  constructor(deps: GrantsDeps) {
    this.#deps = deps;
    // At once for those who have just come; the job finds whom this has missed.
    deps.events.on('account.created', ({ userId }) => {
      this.#give(SIGN_UP_GRANT, userId).catch((error: unknown) =>
        deps.log.error({ err: error, userId }, 'A sign-up grant could not be given; it will be tried again'),
      );
    });
  }

  /** How many people were given something. */
  async giveDue(signal: AbortSignal): Promise<number> {
    let given = 0;
    for (const grant of [SIGN_UP_GRANT, MONTHLY_GRANT]) {
      for (let portion = PORTION; portion === PORTION && !signal.aborted; given += portion) {
        portion = await this.#give(grant, null);
      }
    }
    return given;
  }

  async #give(grant: typeof SIGN_UP_GRANT, userId: string | null): Promise<number> {
    const granted = await inTransaction(this.#deps.pool, (client) => grantDue(client, grant, userId, PORTION));
    this.#deps.tell({
      accounts: granted.map(({ account }) => account),
      moved: granted.map(({ amount }) => ({ kind: 'grant', amount })),
    });
    return granted.length;
  }
}

export function grantsJob(grants: Grants): ClusterJob {
  return {
    name: 'credits.grants',
    cron: '*/5 * * * *',
    async run(signal) {
      await grants.giveDue(signal);
    },
  };
}

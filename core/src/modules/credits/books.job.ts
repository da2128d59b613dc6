import type { BooksReport } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { EventBus } from '../../events/event-bus.ts';
import type { ClusterJob } from '../../jobs/cluster-job.ts';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import type { Logger } from '../../observability/logger.ts';
import type { CreditMetrics } from '../../observability/metrics/credit-metrics.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import { checkBooks, isOff } from './books.ts';

const TOPIC = 'books';

export interface BooksDeps {
  pool: Pool;
  changes: ChangeFeed;
  events: EventBus;
  log: Logger;
  metrics: CreditMetrics;
}

/** The books, checked regularly and on demand by one instance; every instance knows what was found last. */
export class Books {
  readonly #deps: BooksDeps;
  readonly #show = oneAtATime(() => this.#showLast());
  #stopListening: () => void = () => {};

  constructor(deps: BooksDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { changes, log } = this.#deps;
    await this.#show();
    this.#stopListening = changes.on(TOPIC, () => {
      this.#show().catch((error: unknown) => log.warn({ err: error }, 'The last check of the books could not be read'));
    });
  }

  stop(): void {
    this.#stopListening();
  }

  async last(): Promise<BooksReport | null> {
    const { rows } = await this.#deps.pool.query<{ report: BooksReport }>('select report from books_check');
    return rows[0]?.report ?? null;
  }

  async check(): Promise<BooksReport> {
    const { pool, changes, log, events } = this.#deps;
    const report = await checkBooks(pool);
    if (isOff(report)) log.error({ books: report }, 'The books do not balance');
    events.emit('credits.books-checked', { report, isOff: isOff(report) });
    // Of two checks at once the later one stays.
    await pool.query(
      `insert into books_check as last (report) values ($1) on conflict (id) do update set report = excluded.report
       where last.report->>'checkedAt' < excluded.report->>'checkedAt'`,
      [JSON.stringify(report)],
    );
    await changes.announce(TOPIC);
    return report;
  }

  async #showLast(): Promise<void> {
    const report = await this.last();
    if (report === null) return;
    this.#deps.metrics.booksChecked({
      checkedAt: new Date(report.checkedAt),
      drift: BigInt(report.drift),
      activeHolds: report.activeHolds,
      oldestHoldAgeSeconds: report.oldestHoldSeconds,
      orphanedHolds: report.holdsWithoutTurn,
    });
  }
}

export function booksJob(books: Books): ClusterJob {
  return {
    name: 'credits.check-books',
    cron: '* * * * *',
    async run() {
      await books.check();
    },
  };
}

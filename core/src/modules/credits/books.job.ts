import type { BooksReport } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { EventBus } from '../../events/event-bus.ts';
import type { Job } from '../../jobs/job.ts';
import type { Logger } from '../../observability/logger.ts';
import type { CreditMetrics } from '../../observability/metrics/credit-metrics.ts';
import { checkBooks, isOff } from './books.ts';

export interface BooksDeps {
  pool: Pool;
  events: EventBus;
  log: Logger;
  metrics: CreditMetrics;
}

/** The books, checked regularly and on demand; what was found last can be asked for. */
export class Books {
  readonly #deps: BooksDeps;
  #last: BooksReport | null = null;

  constructor(deps: BooksDeps) {
    this.#deps = deps;
  }

  last(): BooksReport | null {
    return this.#last;
  }

  async check(): Promise<BooksReport> {
    const report = await checkBooks(this.#deps.pool);
    this.#last = report;
    this.#deps.metrics.booksChecked({
      drift: BigInt(report.drift),
      activeHolds: report.activeHolds,
      oldestHoldAgeSeconds: report.oldestHoldSeconds,
      orphanedHolds: report.holdsWithoutTurn,
    });
    if (isOff(report)) this.#deps.log.error({ books: report }, 'The books do not balance');
    this.#deps.events.emit('credits.books-checked', { report, isOff: isOff(report) });
    return report;
  }
}

export function booksJob(books: Books): Job {
  return {
    name: 'credits.check-books',
    everyMs: 60_000,
    async run() {
      await books.check();
    },
  };
}

import { Counter, Gauge, type Registry } from 'prom-client';

/** What the check of the books found, for the whole installation. Amounts in micro-credits. */
export interface BooksReport {
  checkedAt: Date;
  /** Between what balances say and what the ledger says; 0 in a world that is in order. */
  drift: bigint;
  activeHolds: number;
  oldestHoldAgeSeconds: number;
  /** Active holds without an open turn. */
  orphanedHolds: number;
}

export interface CreditMetrics {
  /** A transfer was booked here. */
  moved(kind: 'grant' | 'hold' | 'capture' | 'release' | 'refund' | 'adjust', micro: bigint): void;
  /** `captured`: something was charged; `released`: all of it went back; `expired`: nobody settled it in time. */
  holdResolved(outcome: 'captured' | 'released' | 'expired'): void;
  /** A turn was refused because its user can't pay for it. */
  refused(): void;
  /** By this instance or another. */
  booksChecked(report: BooksReport): void;
}

export function creditMetrics(registry: Registry): CreditMetrics {
  const registers = [registry];
  const moved = new Counter({
    name: 'parley_credits_moved_microcredits_total',
    help: 'Micro-credits of the transfers booked here, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const transfers = new Counter({
    name: 'parley_credits_transfers_total',
    help: 'Transfers booked here, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const resolved = new Counter({
    name: 'parley_credit_holds_resolved_total',
    help: 'Holds that ended here: captured, released in full, or expired. The share of the latter two is the refund rate.',
    labelNames: ['outcome'],
    registers,
  });
  const refused = new Counter({
    name: 'parley_credits_refused_total',
    help: 'Turns refused for lack of credits.',
    registers,
  });
  const gauge = (name: string, help: string) => {
    const made = new Gauge({ name, help, registers });
    // Not checked yet is another thing than checked and zero.
    made.set(Number.NaN);
    return made;
  };
  const books = 'As the last check found, by whichever instance; NaN before the first.';
  const drift = gauge(
    'parley_credit_drift_microcredits',
    `Difference between balances and ledger in micro-credits; must be 0. ${books}`,
  );
  const active = gauge('parley_credit_holds_active', `Holds that are open in the installation. ${books}`);
  const oldest = gauge('parley_credit_hold_oldest_age_seconds', `Age of the oldest open hold. ${books}`);
  const orphaned = gauge('parley_credit_holds_orphaned', `Open holds without an open turn; must be 0. ${books}`);
  const checkedAt = gauge(
    'parley_credit_books_checked_timestamp_seconds',
    `When the books were checked last. ${books}`,
  );

  return {
    moved(kind, micro) {
      // Exact up to nine thousand million credits, and a rate needs less.
      moved.inc({ kind }, Number(micro));
      transfers.inc({ kind });
    },
    holdResolved: (outcome) => resolved.inc({ outcome }),
    refused: () => refused.inc(),
    booksChecked(report) {
      drift.set(Number(report.drift));
      active.set(report.activeHolds);
      oldest.set(report.oldestHoldAgeSeconds);
      orphaned.set(report.orphanedHolds);
      checkedAt.set(report.checkedAt.getTime() / 1000);
    },
  };
}

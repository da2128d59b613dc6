import type { Receipt } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { AppError } from '../../lib/app-error.ts';
import type { CreditMetrics } from '../../observability/metrics/credit-metrics.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { type Booked, fallenBelow, resolvingTransfers, type TellBooked } from './booked.ts';
import { type Funds, refusalOf } from './hold-rules.ts';
import { type NewHold, renewHolds, type ResolvedHold, type StoredResolved, toResolution } from './ledger/index.ts';
import type { PriceBook } from './price-book.ts';
import { presentResolved } from './receipts.ts';

/** What the turn of a model that is not free wants to lock. */
export interface WantedTurn extends NewHold {
  /** The user's last midnight. */
  dayStart: Date;
}

/**
 * The way of credits through a turn: looked at (`fundsColumn`) and judged (`HoldTally`), placed (`placing`) by the statement
 * that writes the turn, resolved (`resolving`) by the one that ends it, told after the commit.
 */
export interface TurnCredits {
  priceOf: PriceBook['of'];
  /** Somebody could not pay. */
  refused(): void;
  settled(resolved: readonly StoredResolved[]): SettledCredits;
  renew(turnIds: readonly string[]): Promise<void>;
  /** After the commit. */
  tell(booked: Booked): void;
  tellSettled(settled: SettledCredits): void;
  /** What somebody could spend now; nothing is locked by looking. */
  funds: FundsOf;
  wouldRefuse(amount: bigint, funds: Funds): AppError | null;
}

export interface SettledCredits extends Booked {
  /** By turn. */
  receipts: ReadonlyMap<string, Receipt>;
  holds: readonly ResolvedHold[];
}

export function createTurnCredits(deps: {
  pool: Pool;
  prices: PriceBook;
  broadcaster: Broadcaster;
  fundsOf: FundsOf;
  metrics: CreditMetrics;
  tell: TellBooked;
}): TurnCredits {
  return {
    priceOf: (model) => deps.prices.of(model),
    refused: () => deps.metrics.refused(),
    settled(resolved) {
      const { holds, accounts } = toResolution(resolved);
      const receipts = new Map(holds.map((hold) => [hold.turnId, presentResolved(hold)]));
      return { receipts, holds, accounts, moved: resolvingTransfers(holds) };
    },
    async renew(turnIds) {
      if (turnIds.length > 0) await renewHolds(deps.pool, turnIds);
    },
    tell: deps.tell,
    tellSettled(settled) {
      deps.tell(settled);
      for (const { captured } of settled.holds) deps.metrics.holdResolved(captured > 0n ? 'captured' : 'released');
      for (const { userId, available } of fallenBelow(settled.accounts, settled.holds)) {
        deps.broadcaster.emit(`user:${userId}`, 'credits:low', { available: Number(available) });
      }
    },
    funds: deps.fundsOf,
    wouldRefuse: refusalOf,
  };
}

export type FundsOf = (userId: string, conversationId: string | null, dayStart: Date) => Promise<Funds>;

import type { Receipt } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { AppError } from '../../lib/app-error.ts';
import type { CreditMetrics } from '../../observability/metrics/credit-metrics.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { type Booked, fallenBelow, NOTHING_BOOKED, resolvingTransfers, type TellBooked } from './booked.ts';
import { type Funds, judgeHolds, refusalOf } from './hold-rules.ts';
import {
  type HoldEnd,
  lockFunds,
  type NewHold,
  placeHolds,
  renewHolds,
  type ResolvedHold,
  resolveHolds,
} from './ledger/index.ts';
import type { PriceBook } from './price-book.ts';
import { presentResolved } from './receipts.ts';

/** What the turn of a model that is not free wants to lock. */
export interface WantedTurn extends NewHold {
  /** The user's last midnight. */
  dayStart: Date;
}

/** The way of credits through a turn: judged and placed in the admission's transaction, resolved in that of settling. */
export interface TurnCredits {
  priceOf: PriceBook['of'];
  /** Locks the accounts; null for each that can pay. */
  judge(client: PoolClient, wanted: readonly WantedTurn[]): Promise<(AppError | null)[]>;
  place(client: PoolClient, holds: readonly NewHold[]): Promise<Booked>;
  /** Of those whose hold was still active. */
  settle(client: PoolClient, ends: readonly HoldEnd[]): Promise<SettledCredits>;
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
    async judge(client, wanted) {
      if (wanted.length === 0) return [];
      const refusals = judgeHolds(wanted, await lockFunds(client, wanted));
      for (const refusal of refusals) if (refusal !== null) deps.metrics.refused();
      return refusals;
    },
    async place(client, holds) {
      if (holds.length === 0) return NOTHING_BOOKED;
      const accounts = await placeHolds(client, holds);
      return { accounts, moved: holds.map(({ amount }) => ({ kind: 'hold', amount })) };
    },
    async settle(client, ends) {
      if (ends.length === 0) return { ...NOTHING_BOOKED, receipts: new Map(), holds: [] };
      const { holds, accounts } = await resolveHolds(client, ends);
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

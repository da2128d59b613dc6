import type { Balance, Receipt } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { AppError } from '../../lib/app-error.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { type Funds, judgeHolds, refusalOf } from './hold-rules.ts';
import { type Account, type HoldEnd, lockFunds, type NewHold, placeHolds, renewHolds, resolveHolds } from './ledger.ts';
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
  place(client: PoolClient, holds: readonly NewHold[]): Promise<Account[]>;
  /** Of those whose hold was still active. */
  settle(
    client: PoolClient,
    ends: readonly HoldEnd[],
  ): Promise<{ receipts: Map<string, Receipt>; accounts: Account[] }>;
  renew(turnIds: readonly string[]): Promise<void>;
  /** Tells every tab of these people; after the commit. */
  tell(accounts: readonly Account[]): void;
  /** What somebody could spend now; nothing is locked by looking. */
  funds: FundsOf;
  wouldRefuse(amount: bigint, funds: Funds): AppError | null;
}

export function createTurnCredits(deps: {
  pool: Pool;
  prices: PriceBook;
  broadcaster: Broadcaster;
  fundsOf: FundsOf;
}): TurnCredits {
  return {
    priceOf: (model) => deps.prices.of(model),
    async judge(client, wanted) {
      return wanted.length === 0 ? [] : judgeHolds(wanted, await lockFunds(client, wanted));
    },
    async place(client, holds) {
      return holds.length === 0 ? [] : placeHolds(client, holds);
    },
    async settle(client, ends) {
      if (ends.length === 0) return { receipts: new Map(), accounts: [] };
      const { holds, accounts } = await resolveHolds(client, ends);
      return { receipts: new Map(holds.map((hold) => [hold.turnId, presentResolved(hold)])), accounts };
    },
    async renew(turnIds) {
      if (turnIds.length > 0) await renewHolds(deps.pool, turnIds);
    },
    tell(accounts) {
      for (const { userId, available, held } of accounts) {
        const balance: Pick<Balance, 'available' | 'held'> = { available: Number(available), held: Number(held) };
        deps.broadcaster.emit(`user:${userId}`, 'credits:changed', balance);
      }
    },
    funds: deps.fundsOf,
    wouldRefuse: refusalOf,
  };
}

export type FundsOf = (userId: string, conversationId: string | null, dayStart: Date) => Promise<Funds>;

import type { AppError } from '../../lib/app-error.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import {
  type Booked,
  fundsColumn,
  HoldTally,
  newHoldRows,
  placedColumn,
  placing,
  type StoredFunds,
  type StoredPlaced,
  toFunds,
  toPlaced,
  type TurnCredits,
  type WantedTurn,
} from '../credits/index.ts';
import {
  counting,
  type DayUsage,
  quotaRefused,
  quotaRows,
  QuotaTally,
  type QuotaUse,
  usedColumn,
} from '../limits/index.ts';

/** What a turn takes beside itself: of its person's quota, and of his credits unless the model is free. */
export interface TurnClaim {
  use: QuotaUse;
  hold: WantedTurn | null;
  timeZone: string;
}

/** What a claim is judged by. */
export interface ClaimRow {
  funds: StoredFunds | null;
  used: DayUsage;
}

/** SQL for a `ClaimRow`, given that of who, where and when; `dayStart` is null where nothing is to be locked. */
export function claimColumns(of: { userId: string; conversationId: string; day: string; dayStart: string }): string {
  return `${fundsColumn(of)}, ${usedColumn(of)}`;
}

/**
 * Takes what was claimed, as parts of the statement that writes the turns: credits first, then quota, both after the rows
 * that `after` locks. With one order for all, no two statements wait for each other. Parameters as `takenValues` gives them.
 */
export function taking({ holds, uses, after }: { holds: string; uses: string; after: string }): string {
  return `${placing(holds, after)}, ${counting(uses, 'hold_paid')}`;
}
export const takenColumn = placedColumn;
export const NOTHING_PLACED: StoredPlaced = { holds: 0, accounts: [] };

export function takenValues(claims: readonly TurnClaim[]): [holds: string, uses: string] {
  return [newHoldRows(holdsOf(claims)), quotaRows(claims.map(({ use }) => use))];
}

/** Credits that were there when they were looked at are gone: somebody took them back. Whoever looks again sees it. */
export class FundsMoved extends Error {
  constructor() {
    super('credits were taken back between look and hold');
  }
}

/** Judges claims and tells of what they took. */
export class TurnClaims {
  readonly #credits: Pick<TurnCredits, 'refused' | 'tell'>;
  readonly #clock: Clock;

  constructor(deps: { credits: Pick<TurnCredits, 'refused' | 'tell'>; clock: Clock }) {
    this.#credits = deps.credits;
    this.#clock = deps.clock;
  }

  /** For those of one admission, one after another; null: it may begin. */
  judge(): (claim: TurnClaim, looked: ClaimRow) => AppError | null {
    const holds = new HoldTally();
    const quota = new QuotaTally();
    return ({ hold, use, timeZone }, { funds, used }) => {
      const unpaid = hold === null ? null : holds.refusalOf(hold, funds === null ? null : toFunds(funds));
      if (unpaid !== null) {
        this.#credits.refused();
        return unpaid;
      }
      const spent = quota.refusalOf(use, used);
      if (spent !== null) return quotaRefused(spent, this.#clock.now(), timeZone);
      if (hold !== null) holds.take(hold);
      quota.take(use);
      return null;
    };
  }

  /** For `tell`, after the commit. */
  taken(claims: readonly TurnClaim[], placed: StoredPlaced): Booked {
    const holds = holdsOf(claims);
    const accounts = toPlaced(placed, holds.length);
    if (accounts === null) throw new FundsMoved();
    return { accounts, moved: holds.map(({ amount }) => ({ kind: 'hold', amount })) };
  }

  tell(booked: Booked): void {
    this.#credits.tell(booked);
  }
}

function holdsOf(claims: readonly TurnClaim[]): WantedTurn[] {
  return claims.flatMap(({ hold }) => hold ?? []);
}

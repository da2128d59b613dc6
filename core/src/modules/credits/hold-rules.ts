import type { AppError } from '../../lib/app-error.ts';
import { ConversationCapReached, DayCapReached, InsufficientCredits } from './credits.errors.ts';

/** What somebody can spend. */
export interface Funds {
  available: bigint;
  dayCap: bigint | null;
  conversationCap: bigint | null;
  /** Charged and locked since the user's midnight, and in the conversation; 0 where there is no cap. */
  spentToday: bigint;
  spentInConversation: bigint;
}
export interface WantedHold {
  userId: string;
  conversationId: string | null;
  amount: bigint;
}

/** Null: it can be afforded. */
export function refusalOf(amount: bigint, funds: Funds): AppError | null {
  if (amount > funds.available) return InsufficientCredits(amounts(amount, funds.available));
  const { dayCap, conversationCap } = funds;
  if (dayCap !== null && funds.spentToday + amount > dayCap) {
    return DayCapReached(amounts(amount, atLeastZero(dayCap - funds.spentToday)));
  }
  if (conversationCap !== null && funds.spentInConversation + amount > conversationCap) {
    return ConversationCapReached(amounts(amount, atLeastZero(conversationCap - funds.spentInConversation)));
  }
  return null;
}

/** Judges several that looked at the same funds: what one takes the next ones do not have. */
export class HoldTally {
  readonly #taken = new Map<string, bigint>();

  /** `funds` null: he has no account. */
  refusalOf(hold: WantedHold, funds: Funds | null): AppError | null {
    if (funds === null) return InsufficientCredits(amounts(hold.amount, 0n));
    const before = this.#of(hold.userId);
    return refusalOf(hold.amount, {
      ...funds,
      available: funds.available - before,
      spentToday: funds.spentToday + before,
      spentInConversation: funds.spentInConversation + this.#of(inConversation(hold)),
    });
  }

  take(hold: WantedHold): void {
    for (const key of [hold.userId, inConversation(hold)]) this.#taken.set(key, this.#of(key) + hold.amount);
  }

  #of(key: string): bigint {
    return this.#taken.get(key) ?? 0n;
  }
}

function inConversation({ userId, conversationId }: WantedHold): string {
  return `${userId} ${conversationId ?? ''}`;
}

function amounts(needed: bigint, left: bigint): { needed: number; left: number } {
  return { needed: Number(needed), left: Number(left) };
}

function atLeastZero(amount: bigint): bigint {
  return amount > 0n ? amount : 0n;
}

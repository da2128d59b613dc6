import type { AppError } from '../../lib/app-error.ts';
import { ConversationCapReached, DayCapReached, InsufficientCredits } from './credits.errors.ts';

/** What somebody can spend, looked at under his account's lock. */
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

/** In their order: what one takes the next ones do not have; what is refused takes nothing. */
export function judgeHolds(wanted: readonly WantedHold[], fundsOf: readonly (Funds | null)[]): (AppError | null)[] {
  const taken = new Map<string, bigint>();
  return wanted.map((hold, index) => {
    const funds = fundsOf[index];
    if (funds === null || funds === undefined) return InsufficientCredits(amounts(hold.amount, 0n));
    const before = taken.get(hold.userId) ?? 0n;
    const inConversation = `${hold.userId} ${hold.conversationId ?? ''}`;
    const refusal = refusalOf(hold.amount, {
      ...funds,
      available: funds.available - before,
      spentToday: funds.spentToday + before,
      spentInConversation: funds.spentInConversation + (taken.get(inConversation) ?? 0n),
    });
    if (refusal === null) {
      taken.set(hold.userId, before + hold.amount);
      taken.set(inConversation, (taken.get(inConversation) ?? 0n) + hold.amount);
    }
    return refusal;
  });
}

function amounts(needed: bigint, left: bigint): { needed: number; left: number } {
  return { needed: Number(needed), left: Number(left) };
}

function atLeastZero(amount: bigint): bigint {
  return amount > 0n ? amount : 0n;
}

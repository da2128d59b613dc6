import type { Funds } from '../hold-rules.ts';

/** Of a hold named `h`: what it takes from its owner, now or for good. */
export const SPENT = `case h.state when 'active' then h.amount else h.captured - h.refunded end`;

/** As one JSON value, so that rows of other tables can carry it along. */
export interface StoredFunds {
  available: string;
  dayCap: string | null;
  conversationCap: string | null;
  spentToday: string;
  spentInConversation: string;
}

/**
 * SQL for what somebody can spend, given the SQL of who, where and since when; null for who has no account, and where
 * `dayStart` is null. Spending is counted only for a cap. Under an admission lock nobody else spends meanwhile.
 */
export function fundsColumn(of: { userId: string; conversationId: string; dayStart: string }): string {
  return `(
    select json_build_object('available', a.available::text, 'dayCap', a.day_cap::text,
      'conversationCap', a.conversation_cap::text,
      'spentToday', case when a.day_cap is null then '0' else (
        select coalesce(sum(${SPENT}), 0)::text from credit_hold h
        where h.user_id = a.user_id and h.created_at >= ${of.dayStart}) end,
      'spentInConversation', case when a.conversation_cap is null then '0' else (
        select coalesce(sum(${SPENT}), 0)::text from credit_hold h
        where h.conversation_id = ${of.conversationId}) end)
    from credit_account a where a.user_id = ${of.userId} and ${of.dayStart} is not null) as funds`;
}

export function toFunds(stored: StoredFunds): Funds {
  return {
    available: BigInt(stored.available),
    dayCap: stored.dayCap === null ? null : BigInt(stored.dayCap),
    conversationCap: stored.conversationCap === null ? null : BigInt(stored.conversationCap),
    spentToday: BigInt(stored.spentToday),
    spentInConversation: BigInt(stored.spentInConversation),
  };
}

import type { PoolClient } from 'pg';
import type { Funds } from '../hold-rules.ts';

/** Locks the accounts and tells what they can spend; null where somebody has none. Same order as asked for. */
export async function lockFunds(
  client: PoolClient,
  wanted: readonly { userId: string; conversationId: string | null; dayStart: Date }[],
): Promise<(Funds | null)[]> {
  const { rows } = await client.query<{
    at: number;
    available: string;
    day_cap: string | null;
    conversation_cap: string | null;
    spent_today: string;
    spent_in_conversation: string;
  }>({
    name: 'credits.funds',
    text: `
      select w.at, a.available, a.day_cap, a.conversation_cap,
        case when a.day_cap is null then 0 else (
          select coalesce(sum(${SPENT}), 0) from credit_hold h
          where h.user_id = a.user_id and h.created_at >= w.day_start) end as spent_today,
        case when a.conversation_cap is null then 0 else (
          select coalesce(sum(${SPENT}), 0) from credit_hold h
          where h.conversation_id = w.conversation_id) end as spent_in_conversation
      from json_to_recordset($1::json) as w (at int, user_id uuid, conversation_id uuid, day_start timestamptz)
      join credit_account a on a.user_id = w.user_id
      order by a.user_id, w.at for update of a`,
    values: [
      JSON.stringify(
        wanted.map((one, at) => ({
          at,
          user_id: one.userId,
          conversation_id: one.conversationId,
          day_start: one.dayStart,
        })),
      ),
    ],
  });
  const found = new Map(rows.map((row) => [row.at, row]));
  return wanted.map((_, at) => {
    const row = found.get(at);
    if (row === undefined) return null;
    return {
      available: BigInt(row.available),
      dayCap: row.day_cap === null ? null : BigInt(row.day_cap),
      conversationCap: row.conversation_cap === null ? null : BigInt(row.conversation_cap),
      spentToday: BigInt(row.spent_today),
      spentInConversation: BigInt(row.spent_in_conversation),
    };
  });
}

/** Of a hold named `h`: what it takes from its owner, now or for good. */
export const SPENT = `case h.state when 'active' then h.amount else h.captured - h.refunded end`;

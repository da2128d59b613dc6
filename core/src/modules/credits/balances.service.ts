import type { Balance, CapsChange } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';
import type { Funds } from './hold-rules.ts';
import { SPENT } from './ledger/index.ts';

interface BalanceRow {
  available: string;
  held: string;
  day_cap: string | null;
  conversation_cap: string | null;
  low_balance_at: string | null;
  spent_today: string;
  spent_in_conversation: string;
}

/** Reading what people have; their own caps. */
export class BalancesService {
  readonly #pool: Pool;
  readonly #topUpUrl: () => string | null;

  constructor(deps: { pool: Pool; topUpUrl: () => string | null }) {
    this.#pool = deps.pool;
    this.#topUpUrl = deps.topUpUrl;
  }

  async get(userId: string, dayStart: Date): Promise<Balance> {
    const row = await this.#read(userId, null, dayStart);
    return {
      available: Number(row.available),
      held: Number(row.held),
      dayCap: numberOrNull(row.day_cap),
      conversationCap: numberOrNull(row.conversation_cap),
      lowBalanceAt: numberOrNull(row.low_balance_at),
      spentToday: Number(row.spent_today),
      topUpUrl: buyerLink(this.#topUpUrl(), userId),
    };
  }

  async funds(userId: string, conversationId: string | null, dayStart: Date): Promise<Funds> {
    const row = await this.#read(userId, conversationId, dayStart);
    return {
      available: BigInt(row.available),
      dayCap: row.day_cap === null ? null : BigInt(row.day_cap),
      conversationCap: row.conversation_cap === null ? null : BigInt(row.conversation_cap),
      spentToday: BigInt(row.spent_today),
      spentInConversation: BigInt(row.spent_in_conversation),
    };
  }

  async setCaps(userId: string, change: z.output<typeof CapsChange>): Promise<void> {
    await this.#pool.query(
      `insert into credit_account (user_id, day_cap, conversation_cap, low_balance_at) values ($1, $2, $4, $6)
       on conflict (user_id) do update set
         day_cap = case when $3 then excluded.day_cap else credit_account.day_cap end,
         conversation_cap = case when $5 then excluded.conversation_cap else credit_account.conversation_cap end,
         low_balance_at = case when $7 then excluded.low_balance_at else credit_account.low_balance_at end`,
      [
        userId,
        change.dayCap ?? null,
        change.dayCap !== undefined,
        change.conversationCap ?? null,
        change.conversationCap !== undefined,
        change.lowBalanceAt ?? null,
        change.lowBalanceAt !== undefined,
      ],
    );
  }

  async #read(userId: string, conversationId: string | null, dayStart: Date): Promise<BalanceRow> {
    const { rows } = await this.#pool.query<BalanceRow>({
      name: 'credits.balance',
      text: `
        select a.available, a.held, a.day_cap, a.conversation_cap, a.low_balance_at,
          (select coalesce(sum(${SPENT}), 0) from credit_hold h
           where h.user_id = $1 and h.created_at >= $3) as spent_today,
          case when $2::uuid is null then 0 else (
            select coalesce(sum(${SPENT}), 0) from credit_hold h
            where h.conversation_id = $2 and h.user_id = $1) end as spent_in_conversation
        from credit_account a where a.user_id = $1`,
      values: [userId, conversationId, dayStart],
    });
    return rows[0] ?? NOTHING;
  }
}

/** Tells the payment provider, and so its webhook, who is buying. */
function buyerLink(topUpUrl: string | null, userId: string): string | null {
  if (topUpUrl === null) return null;
  const link = new URL(topUpUrl);
  link.searchParams.set('client_reference_id', userId);
  return link.href;
}

/** Nobody has given him anything yet. */
const NOTHING: BalanceRow = {
  available: '0',
  held: '0',
  day_cap: null,
  conversation_cap: null,
  low_balance_at: null,
  spent_today: '0',
  spent_in_conversation: '0',
};

function numberOrNull(value: string | null): number | null {
  return value === null ? null : Number(value);
}

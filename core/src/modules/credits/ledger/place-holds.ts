import { type Account, accountJson, type AccountRow, toAccount } from './account.ts';
import { HOLD_EXPIRY } from './hold-expiry.ts';

export interface NewHold {
  turnId: string;
  userId: string;
  conversationId: string | null;
  model: string;
  priceId: string;
  estimate: bigint;
  amount: bigint;
}

/** For `placing`, as the JSON it reads. */
export function newHoldRows(holds: readonly NewHold[]): string {
  return JSON.stringify(
    holds.map((hold) => ({
      turn_id: hold.turnId,
      user_id: hold.userId,
      conversation_id: hold.conversationId,
      model: hold.model,
      price_id: hold.priceId,
      estimate: String(hold.estimate),
      amount: String(hold.amount),
    })),
  );
}

/**
 * available → held, as parts of the statement that writes the turns. `rows`: SQL of what `newHoldRows` made; `after`: the
 * part whose locks come before those of the accounts. An account gets none of its holds where it can't pay, or could not when
 * the statement began: whoever waited for its lock meanwhile may find that it can now.
 */
export function placing(rows: string, after: string): string {
  return `
    hold_wanted as (
      select w.* from json_to_recordset(${rows}) as w
        (turn_id uuid, user_id uuid, conversation_id uuid, model text, price_id uuid, estimate bigint, amount bigint)
      where (select count(*) from ${after}) >= 0),
    hold_total as (select w.user_id, sum(w.amount) as amount from hold_wanted w group by w.user_id),
    hold_owner as (
      select a.user_id from credit_account a
      where a.user_id in (select t.user_id from hold_total t) order by a.user_id for update),
    hold_paid as (
      update credit_account a set available = a.available - t.amount, held = a.held + t.amount
      from hold_owner o join hold_total t on t.user_id = o.user_id
      where a.user_id = o.user_id and a.available >= t.amount
      returning a.user_id, a.available, a.held, a.low_balance_at),
    hold_placed as (
      insert into credit_hold (turn_id, user_id, conversation_id, model, price_id, estimate, amount, state, expires_at)
      select w.turn_id, w.user_id, w.conversation_id, w.model, w.price_id, w.estimate, w.amount, 'active', ${HOLD_EXPIRY}
      from hold_wanted w join hold_paid p on p.user_id = w.user_id
      returning turn_id),
    hold_booked as (
      insert into credit_transfer (user_id, kind, debit, credit, amount, turn_id, idempotency_key)
      select w.user_id, 'hold', 'available', 'held', w.amount, w.turn_id, 'hold:' || w.turn_id
      from hold_wanted w join hold_paid p on p.user_id = w.user_id)`;
}

/** What came of it, for `toPlaced`. */
export const placedColumn = `
  json_build_object('holds', (select count(*) from hold_placed),
    'accounts', (select coalesce(json_agg(${accountJson('p')}), '[]') from hold_paid p)) as placed`;
export interface StoredPlaced {
  holds: number;
  accounts: AccountRow[];
}

/** Null: some account could not pay; nothing of this may be committed, and whoever looks again knows more. */
export function toPlaced(stored: StoredPlaced, wanted: number): Account[] | null {
  return stored.holds === wanted ? stored.accounts.map(toAccount) : null;
}

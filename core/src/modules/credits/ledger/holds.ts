import type { Usage } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import { type Account, type AccountRow, toAccount } from './account.ts';

/** As long as a hold lives without a renewal: far longer than any lease, so that the reaper settles first. */
const HOLD_MINUTES = 10;
const EXPIRY = `now() + interval '${HOLD_MINUTES} minutes'`;

export interface NewHold {
  turnId: string;
  userId: string;
  conversationId: string | null;
  model: string;
  priceId: string;
  estimate: bigint;
  amount: bigint;
}
export interface HoldEnd {
  turnId: string;
  /** No more than the hold is taken. */
  charge: bigint;
  usage: Usage | null;
}
export interface ResolvedHold {
  turnId: string;
  userId: string;
  estimate: bigint;
  amount: bigint;
  captured: bigint;
  priceId: string;
  countedBy: Usage['countedBy'] | null;
}

/** available → held. Throws when an account can't pay: whoever locked the funds and judged them knows that it can. */
export async function placeHolds(client: PoolClient, holds: readonly NewHold[]): Promise<Account[]> {
  const { rows } = await client.query<AccountRow & { placed: number }>({
    name: 'credits.hold',
    text: `
      with wanted as (
        select * from json_to_recordset($1::json) as w
          (turn_id uuid, user_id uuid, conversation_id uuid, model text, price_id uuid, estimate bigint, amount bigint)),
      total as (select w.user_id, sum(w.amount) as amount from wanted w group by w.user_id),
      paid as (
        update credit_account a set available = a.available - t.amount, held = a.held + t.amount
        from total t where a.user_id = t.user_id and a.available >= t.amount
        returning a.user_id, a.available, a.held, a.low_balance_at),
      placed as (
        insert into credit_hold (turn_id, user_id, conversation_id, model, price_id, estimate, amount, state, expires_at)
        select w.turn_id, w.user_id, w.conversation_id, w.model, w.price_id, w.estimate, w.amount, 'active', ${EXPIRY}
        from wanted w join paid p on p.user_id = w.user_id
        returning turn_id),
      booked as (
        insert into credit_transfer (user_id, kind, debit, credit, amount, turn_id, idempotency_key)
        select w.user_id, 'hold', 'available', 'held', w.amount, w.turn_id, 'hold:' || w.turn_id
        from wanted w join paid p on p.user_id = w.user_id)
      select p.user_id, p.available, p.held, p.low_balance_at, (select count(*) from placed)::int as placed from paid p`,
    values: [
      JSON.stringify(
        holds.map((hold) => ({
          turn_id: hold.turnId,
          user_id: hold.userId,
          conversation_id: hold.conversationId,
          model: hold.model,
          price_id: hold.priceId,
          estimate: String(hold.estimate),
          amount: String(hold.amount),
        })),
      ),
    ],
  });
  if ((rows[0]?.placed ?? 0) !== holds.length) throw new Error('a hold was placed on an account that cannot pay it');
  return rows.map(toAccount);
}

/** held → revenue for the charge, held → available for the rest. Holds that are not active any more are left out. */
export function resolveHolds(client: PoolClient, ends: readonly HoldEnd[]): Promise<Resolution> {
  return resolve(
    client,
    'credits.settle',
    `ending as (
       select e.turn_id, e.charge, e.input_tokens, e.output_tokens, e.counted_by, 'released' as uncharged
       from json_to_recordset($1::json) as e
         (turn_id uuid, charge bigint, input_tokens int, output_tokens int, counted_by text)),
     active as (
       select h.turn_id from credit_hold h join ending e on e.turn_id = h.turn_id
       where h.state = 'active' order by h.turn_id for update of h)`,
    [
      JSON.stringify(
        ends.map(({ turnId, charge, usage }) => ({
          turn_id: turnId,
          charge: String(charge),
          input_tokens: usage?.input ?? null,
          output_tokens: usage?.output ?? null,
          counted_by: usage?.countedBy ?? null,
        })),
      ),
    ],
  );
}

/** Gives back what nobody has renewed. Whoever settles such a turn later finds that it was given back. */
export function expireHolds(client: PoolClient, atMost: number): Promise<Resolution> {
  return resolve(
    client,
    'credits.expire',
    `active as (
       select h.turn_id from credit_hold h where h.state = 'active' and h.expires_at < now()
       order by h.turn_id limit $1 for update skip locked),
     ending as (
       select a.turn_id, 0::bigint as charge, null::int as input_tokens, null::int as output_tokens,
         null::text as counted_by, 'expired' as uncharged
       from active a)`,
    [atMost],
  );
}

export interface Resolution {
  holds: ResolvedHold[];
  accounts: Account[];
}

async function resolve(client: PoolClient, name: string, endings: string, values: unknown[]): Promise<Resolution> {
  const { rows } = await client.query<
    AccountRow & {
      turn_id: string;
      estimate: string;
      amount: string;
      captured: string;
      price_id: string;
      counted_by: Usage['countedBy'] | null;
    }
  >({
    name,
    text: `
      with ${endings},
      resolved as (
        update credit_hold h set
          state = case when e.charge > 0 then 'captured' else e.uncharged end,
          captured = least(e.charge, h.amount), input_tokens = e.input_tokens, output_tokens = e.output_tokens,
          counted_by = e.counted_by, resolved_at = now()
        from active a join ending e on e.turn_id = a.turn_id
        where h.turn_id = a.turn_id and h.state = 'active'
        returning h.turn_id, h.user_id, h.estimate, h.amount, h.captured, h.price_id, h.counted_by),
      owner as (
        select a.user_id from credit_account a
        where a.user_id in (select r.user_id from resolved r) order by a.user_id for update),
      total as (
        select r.user_id, sum(r.amount) as held, sum(r.amount - r.captured) as given_back
        from resolved r group by r.user_id),
      settled as (
        update credit_account a set held = a.held - t.held, available = a.available + t.given_back
        from owner o join total t on t.user_id = o.user_id where a.user_id = o.user_id
        returning a.user_id, a.available, a.held, a.low_balance_at),
      booked as (
        insert into credit_transfer (user_id, kind, debit, credit, amount, turn_id, idempotency_key)
        select r.user_id, m.kind, 'held', m.credit, m.amount, r.turn_id, m.kind || ':' || r.turn_id
        from resolved r
        cross join lateral (values
          ('capture', 'revenue', r.captured), ('release', 'available', r.amount - r.captured)) m (kind, credit, amount)
        where m.amount > 0)
      select r.turn_id, r.estimate, r.amount, r.captured, r.price_id, r.counted_by, s.user_id, s.available, s.held,
        s.low_balance_at
      from resolved r join settled s on s.user_id = r.user_id`,
    values,
  });
  return {
    holds: rows.map((row) => ({
      turnId: row.turn_id,
      userId: row.user_id,
      estimate: BigInt(row.estimate),
      amount: BigInt(row.amount),
      captured: BigInt(row.captured),
      priceId: row.price_id,
      countedBy: row.counted_by,
    })),
    accounts: [...new Map(rows.map((row) => [row.user_id, toAccount(row)])).values()],
  };
}

/** Only what has used up half of its time is written: a heartbeat comes every few seconds. */
export async function renewHolds(pool: Pool, turnIds: readonly string[]): Promise<void> {
  await pool.query({
    name: 'credits.renew',
    text: `
      with stale as (
        select h.turn_id from credit_hold h
        where h.turn_id = any($1::uuid[]) and h.state = 'active'
          and h.expires_at < now() + interval '${HOLD_MINUTES / 2} minutes'
        order by h.turn_id for update)
      update credit_hold h set expires_at = ${EXPIRY} from stale s where h.turn_id = s.turn_id and h.state = 'active'`,
    values: [turnIds],
  });
}

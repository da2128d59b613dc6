import type { Usage } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { Funds } from './hold-rules.ts';

/** As long as a hold lives without a renewal: far longer than any lease, so that the reaper settles first. */
export const HOLD_MINUTES = 10;
const EXPIRY = `now() + interval '${HOLD_MINUTES} minutes'`;

export interface Account {
  userId: string;
  available: bigint;
  held: bigint;
  /** Of the user himself; null: he wants no warning. */
  lowBalanceAt: bigint | null;
}
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

/**
 * Every statement that moves credits stands in this file. Their rules: balances, ledger and holds change in one
 * statement; a hold is resolved where it is still active, so of several who try one wins; holds are locked before
 * accounts, and each kind in the order of its ids, so that no two statements wait for each other.
 */

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

export interface Movement {
  userId: string;
  kind: 'grant' | 'adjust';
  /** Negative only for `adjust`. */
  amount: bigint;
  reason: string;
  actorId: string | null;
  idempotencyKey: string;
}

/** granted → available, or back. Null: the key was used before. An account that is not there yet is opened. */
export async function move(client: PoolClient, movement: Movement): Promise<Account | 'too-low' | null> {
  const { userId, kind, amount, reason, actorId, idempotencyKey } = movement;
  const toUser = amount > 0n;
  await client.query(`insert into credit_account (user_id) values ($1) on conflict do nothing`, [userId]);
  const booked = await client.query(
    `insert into credit_transfer (user_id, kind, debit, credit, amount, actor_id, reason, idempotency_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (idempotency_key) do nothing`,
    [
      userId,
      kind,
      toUser ? 'granted' : 'available',
      toUser ? 'available' : 'granted',
      String(toUser ? amount : -amount),
      actorId,
      reason,
      idempotencyKey,
    ],
  );
  if (booked.rowCount === 0) return null;
  const { rows } = await client.query<AccountRow>(
    `update credit_account set available = available + $2 where user_id = $1 and available + $2 >= 0
     returning user_id, available, held, low_balance_at`,
    [userId, String(amount)],
  );
  return rows[0] === undefined ? 'too-low' : toAccount(rows[0]);
}

/** A grant that a tier gives to each of its people, once for a key. SQL over `u` (a user) and `t` (his tier). */
interface TierGrant {
  amount: string;
  key: string;
  reason: string;
  isDue: string;
}
export const SIGN_UP_GRANT: TierGrant = {
  amount: 't.sign_up_grant',
  key: `'sign-up:' || u.id`,
  reason: 'sign-up',
  isDue: 'true',
};
/** Months are those of UTC; somebody's first one is covered by what he was given when he came. */
export const MONTHLY_GRANT: TierGrant = {
  amount: 't.monthly_grant',
  key: `'monthly:' || to_char(now() at time zone 'UTC', 'YYYY-MM') || ':' || u.id`,
  reason: 'monthly',
  isDue: `u.created_at < date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'`,
};

/** granted → available, for everybody (or one) to whom it is due and who has not had it. */
export async function grantDue(
  client: PoolClient,
  grant: TierGrant,
  userId: string | null,
  atMost: number,
): Promise<{ account: Account; amount: bigint }[]> {
  const { rows } = await client.query<AccountRow & { amount: string }>(
    `with due as (
       select u.id as user_id, ${grant.amount} as amount, ${grant.key} as key
       from users u join tier t on t.id = u.tier_id
       where ($1::uuid is null or u.id = $1) and ${grant.amount} > 0 and u.suspended_at is null and ${grant.isDue}
         and not exists (select 1 from credit_transfer given where given.idempotency_key = ${grant.key})
       order by u.id limit $2),
     booked as (
       insert into credit_transfer (user_id, kind, debit, credit, amount, reason, idempotency_key)
       select d.user_id, 'grant', 'granted', 'available', d.amount, $3, d.key from due d
       on conflict (idempotency_key) do nothing
       returning user_id, amount),
     given as (
       insert into credit_account (user_id, available)
       select b.user_id, b.amount from booked b order by b.user_id
       on conflict (user_id) do update set available = credit_account.available + excluded.available
       returning user_id, available, held, low_balance_at)
     select g.user_id, g.available, g.held, g.low_balance_at, b.amount from given g join booked b using (user_id)`,
    [userId, atMost, grant.reason],
  );
  return rows.map((row) => ({ account: toAccount(row), amount: BigInt(row.amount) }));
}

/** revenue → available, no more than was charged. Null: it was booked before. */
export async function refund(
  client: PoolClient,
  turnId: string,
  options: { amount: bigint | null; reason: string; actorId: string; idempotencyKey: string },
): Promise<{ account: Account; amount: bigint } | { refundable: bigint } | { keyReused: true } | null> {
  const { rows } = await client.query<{ user_id: string; refundable: string }>(
    `select user_id, captured - refunded as refundable from credit_hold where turn_id = $1 for update`,
    [turnId],
  );
  const refundable = BigInt(rows[0]?.refundable ?? 0);
  const known = await client.query<{ amount: string; reason: string }>(
    `select amount, reason from credit_transfer where idempotency_key = $1`,
    [options.idempotencyKey],
  );
  if (known.rows[0] !== undefined) {
    const { amount: booked, reason } = known.rows[0];
    const isSame = reason === options.reason && (options.amount === null || options.amount === BigInt(booked));
    return isSame ? null : { keyReused: true };
  }
  const amount = options.amount ?? refundable;
  if (rows[0] === undefined || amount === 0n || amount > refundable) return { refundable };
  const userId = rows[0].user_id;
  await client.query(`update credit_hold set refunded = refunded + $2 where turn_id = $1`, [turnId, String(amount)]);
  await client.query(
    `insert into credit_transfer (user_id, kind, debit, credit, amount, turn_id, actor_id, reason, idempotency_key)
     values ($1, 'refund', 'revenue', 'available', $2, $3, $4, $5, $6)`,
    [userId, String(amount), turnId, options.actorId, options.reason, options.idempotencyKey],
  );
  const account = await client.query<AccountRow>(
    `update credit_account set available = available + $2 where user_id = $1
     returning user_id, available, held, low_balance_at`,
    [userId, String(amount)],
  );
  return { account: toAccount(account.rows[0]!), amount };
}

interface AccountRow {
  user_id: string;
  available: string;
  held: string;
  low_balance_at: string | null;
}

function toAccount(row: AccountRow): Account {
  return {
    userId: row.user_id,
    available: BigInt(row.available),
    held: BigInt(row.held),
    lowBalanceAt: row.low_balance_at === null ? null : BigInt(row.low_balance_at),
  };
}

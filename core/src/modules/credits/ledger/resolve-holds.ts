import type { Usage } from '@parley/sdk/contract';
import type { PoolClient } from 'pg';
import { type Account, accountJson, type AccountRow, toAccount } from './account.ts';

export interface ResolvedHold {
  turnId: string;
  userId: string;
  estimate: bigint;
  amount: bigint;
  captured: bigint;
  priceId: string;
  countedBy: Usage['countedBy'] | null;
}
export interface Resolution {
  holds: ResolvedHold[];
  accounts: Account[];
}

/**
 * held → revenue for the charge, no more than the hold; held → available for the rest: as parts of the statement that
 * ends the turns. `ending`: SQL of rows `turn_id, charge, input_tokens, output_tokens, counted_by`, whose locks come before
 * those of the holds. Holds that are not active any more are left out.
 */
export function resolving(ending: string): string {
  return `
    hold_ending as (select e.*, 'released' as uncharged from (${ending}) e),
    hold_active as (
      select h.turn_id from credit_hold h join hold_ending e on e.turn_id = h.turn_id
      where h.state = 'active' order by h.turn_id for update of h),
    ${RESOLVED}`;
}

/** Gives back what nobody has renewed. Whoever settles such a turn later finds that it was given back. */
export async function expireHolds(client: PoolClient, atMost: number): Promise<Resolution> {
  const { rows } = await client.query<{ resolved: StoredResolved }>({
    name: 'credits.expire',
    text: `
      with hold_active as (
        select h.turn_id from credit_hold h where h.state = 'active' and h.expires_at < now()
        order by h.turn_id limit $1 for update skip locked),
      hold_ending as (
        select a.turn_id, 0::bigint as charge, null::int as input_tokens, null::int as output_tokens,
          null::text as counted_by, 'expired' as uncharged
        from hold_active a),
      ${RESOLVED}
      select ${resolvedColumn('e.turn_id')} from hold_ending e`,
    values: [atMost],
  });
  return toResolution(rows.map(({ resolved }) => resolved));
}

/** Of `hold_active`, as `hold_ending` says. */
const RESOLVED = `
    hold_resolved as (
      update credit_hold h set
        state = case when e.charge > 0 then 'captured' else e.uncharged end,
        captured = least(e.charge, h.amount), input_tokens = e.input_tokens, output_tokens = e.output_tokens,
        counted_by = e.counted_by, resolved_at = now()
      from hold_active a join hold_ending e on e.turn_id = a.turn_id
      where h.turn_id = a.turn_id and h.state = 'active'
      returning h.turn_id, h.user_id, h.estimate, h.amount, h.captured, h.price_id, h.counted_by),
    hold_owner as (
      select a.user_id from credit_account a
      where a.user_id in (select r.user_id from hold_resolved r) order by a.user_id for update),
    hold_total as (
      select r.user_id, sum(r.amount) as held, sum(r.amount - r.captured) as given_back
      from hold_resolved r group by r.user_id),
    hold_settled as (
      update credit_account a set held = a.held - t.held, available = a.available + t.given_back
      from hold_owner o join hold_total t on t.user_id = o.user_id where a.user_id = o.user_id
      returning a.user_id, a.available, a.held, a.low_balance_at),
    hold_booked as (
      insert into credit_transfer (user_id, kind, debit, credit, amount, turn_id, idempotency_key)
      select r.user_id, m.kind, 'held', m.credit, m.amount, r.turn_id, m.kind || ':' || r.turn_id
      from hold_resolved r
      cross join lateral (values
        ('capture', 'revenue', r.captured), ('release', 'available', r.amount - r.captured)) m (kind, credit, amount)
      where m.amount > 0)`;

/** What became of the hold of a turn, null where none was resolved; for `toResolution`. */
export function resolvedColumn(turnId: string): string {
  return `(
    select json_build_object('turnId', r.turn_id, 'userId', r.user_id, 'estimate', r.estimate::text,
      'amount', r.amount::text, 'captured', r.captured::text, 'priceId', r.price_id, 'countedBy', r.counted_by,
      'account', ${accountJson('s')})
    from hold_resolved r join hold_settled s on s.user_id = r.user_id where r.turn_id = ${turnId}) as resolved`;
}
export type StoredResolved = {
  turnId: string;
  userId: string;
  estimate: string;
  amount: string;
  captured: string;
  priceId: string;
  countedBy: Usage['countedBy'] | null;
  account: AccountRow;
} | null;

export function toResolution(stored: readonly StoredResolved[]): Resolution {
  const found = stored.filter((one) => one !== null);
  return {
    holds: found.map(({ account: _, estimate, amount, captured, ...hold }) => ({
      ...hold,
      estimate: BigInt(estimate),
      amount: BigInt(amount),
      captured: BigInt(captured),
    })),
    accounts: [...new Map(found.map(({ userId, account }) => [userId, toAccount(account)])).values()],
  };
}

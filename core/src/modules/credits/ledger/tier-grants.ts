import type { PoolClient } from 'pg';
import { type Account, type AccountRow, toAccount } from './account.ts';

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

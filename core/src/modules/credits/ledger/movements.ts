import type { PoolClient } from 'pg';
import { type Account, type AccountRow, toAccount } from './account.ts';

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

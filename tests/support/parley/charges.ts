import type { Pool } from 'pg';

export interface TurnCharge {
  turnId: string;
  /** What the ledger says of it, in order: `hold`, then `capture` or `release`. */
  transfers: string[];
}

/** Every turn of these people that the ledger knows, oldest first. */
export async function chargesOf(pool: Pool, ...userIds: string[]): Promise<TurnCharge[]> {
  const { rows } = await pool.query<TurnCharge>(
    `select turn_id as "turnId", array_agg(kind order by id) as transfers from credit_transfer
     where user_id = any($1::uuid[]) and turn_id is not null group by turn_id order by min(id)`,
    [userIds],
  );
  return rows;
}

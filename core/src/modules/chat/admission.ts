import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../ports/database/transaction.ts';
import { LIMIT_RETRY_S, TooManyOpenTurns, TooManyOpenTurnsInConversation } from './chat.errors.ts';
import { FundsMoved } from './turn-claims.ts';

export interface OpenTurnLimits {
  perUser: number;
  perConversation: number;
}

/** Long enough to live through a pause of the process, short enough that nobody waits for a dead one. */
export const LEASE_SECONDS = 20;
export const LEASE = `now() + interval '${LEASE_SECONDS} seconds'`;

/** Tells our advisory locks from any others in the database. */
const LOCK_CLASS = 7_001;

/**
 * A transaction in which the open turns of these people can be counted: nobody else admits for them until it ends.
 * The lock stands in a statement of its own, because a count sees only what was committed when its statement began.
 */
export async function withAdmissionLock<T>(
  pool: Pool,
  userIds: readonly string[],
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const locks = lockStatements(userIds);
  for (;;) {
    try {
      return await inTransaction(pool, work, locks);
    } catch (error) {
      // It is looked at anew, and then refused if there is too little now.
      if (!(error instanceof FundsMoved)) throw error;
    }
  }
}

/** In the order of the keys, or two batches could wait for each other. Two people may share a key: they only wait. */
function lockStatements(userIds: readonly string[]): string[] {
  const keys = [...new Set(userIds.map(lockKey))].toSorted((a, b) => a - b);
  return keys.map((key) => `select pg_advisory_xact_lock(${LOCK_CLASS}, ${key})`);
}

/** The end of a UUID is its random part. A number by construction, so it may stand in the statement's text. */
function lockKey(userId: string): number {
  return parseInt(userId.slice(-8), 16) | 0;
}

export function refuseOverLimit(open: { open_user: number; open_conversation: number }, limits: OpenTurnLimits): void {
  if (open.open_user >= limits.perUser) {
    throw TooManyOpenTurns({ limit: limits.perUser, open: open.open_user }, { retryAfter: LIMIT_RETRY_S });
  }
  if (open.open_conversation >= limits.perConversation) {
    throw TooManyOpenTurnsInConversation(
      { limit: limits.perConversation, open: open.open_conversation },
      { retryAfter: LIMIT_RETRY_S },
    );
  }
}

import type { Pool } from 'pg';
import type { Caller } from '../../http/caller.ts';

export interface KnownCredential {
  id: string;
  caller: Caller;
  /** Of a key: its owner is. Sessions end with a suspension. */
  isSuspended: boolean;
  lastUsedAtMs: number;
  expiresAtMs: number;
}

/** Without a request in this time a session ends; each use moves the end. */
export const SESSION_DAYS = 30;

export async function sessionByHash(pool: Pool, hash: Buffer): Promise<KnownCredential | null> {
  const { rows } = await pool.query<{
    id: string;
    user_id: string;
    role: Caller['role'];
    last_used_at: Date;
    expires_at: Date;
  }>(
    `select s.id, s.user_id, u.role, s.last_used_at, s.expires_at
       from sessions s join users u on u.id = s.user_id
      where s.token_hash = $1 and s.expires_at > now() and u.suspended_at is null`,
    [hash],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    caller: { userId: row.user_id, role: row.role, sessionId: row.id },
    isSuspended: false,
    lastUsedAtMs: timeOf(row.last_used_at),
    expiresAtMs: timeOf(row.expires_at),
  };
}

export async function apiKeyByHash(pool: Pool, hash: Buffer): Promise<KnownCredential | null> {
  const { rows } = await pool.query<{
    id: string;
    user_id: string;
    role: Caller['role'];
    scopes: string[];
    last_used_at: Date | null;
    is_suspended: boolean;
  }>(
    `select k.id, k.user_id, u.role, k.scopes, k.last_used_at, u.suspended_at is not null as is_suspended
       from api_keys k join users u on u.id = k.user_id
      where k.key_hash = $1`,
    [hash],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    caller: { userId: row.user_id, role: row.role, apiKeyId: row.id, scopes: row.scopes },
    isSuspended: row.is_suspended,
    lastUsedAtMs: row.last_used_at === null ? 0 : timeOf(row.last_used_at),
    expiresAtMs: Number.POSITIVE_INFINITY,
  };
}

/** Guarded by the age of the last write, as other instances touch the same row. */
export function touchSession(pool: Pool, id: string, address: string): Promise<unknown> {
  return pool.query(
    `with used as (
       update sessions set last_used_at = now(), address = $2, expires_at = now() + make_interval(days => $3)
        where id = $1 and last_used_at < now() - interval '50 seconds' returning user_id)
     update users set last_seen_at = now() from used where users.id = used.user_id`,
    [id, address.slice(0, 64), SESSION_DAYS],
  );
}

export function touchApiKey(pool: Pool, id: string): Promise<unknown> {
  return pool.query(
    `with used as (
       update api_keys set last_used_at = now()
        where id = $1 and (last_used_at is null or last_used_at < now() - interval '50 seconds') returning user_id)
     update users set last_seen_at = now() from used where users.id = used.user_id`,
    [id],
  );
}

/** Of the sessions and keys behind these callers, the ids of those that are no more, or no good. One statement for all sockets of an instance. */
export async function endedCredentials(pool: Pool, callers: readonly Caller[]): Promise<Set<string>> {
  const ids = [...new Set(callers.flatMap((caller) => caller.sessionId ?? caller.apiKeyId ?? []))];
  if (ids.length === 0) return new Set();
  const { rows } = await pool.query<{ id: string }>(
    `select id from unnest($1::uuid[]) as asked (id)
      where not exists (
              select from sessions s join users u on u.id = s.user_id
               where s.id = asked.id and s.expires_at > now() and u.suspended_at is null)
        and not exists (
              select from api_keys k join users u on u.id = k.user_id
               where k.id = asked.id and u.suspended_at is null)`,
    [ids],
  );
  return new Set(rows.map((row) => row.id));
}

/** The ORM sets the shared driver to hand out times as text. */
function timeOf(value: Date | string): number {
  return new Date(value).getTime();
}

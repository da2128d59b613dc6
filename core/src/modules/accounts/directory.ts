import type { AdminUserQuery } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { UserNotFound } from './accounts.errors.ts';
import type { User } from './user.entity.ts';

/** A person as admins see him in a list. Times are as the driver hands them out. */
export interface DirectoryEntry {
  id: string;
  email: string;
  nickname: string;
  role: User['role'];
  tierId: string;
  tierName: string;
  createdAt: string | Date;
  lastSeenAt: string | Date | null;
  suspendedAt: string | Date | null;
}

export interface DirectoryDetail extends DirectoryEntry {
  language: User['language'];
  timeZone: string;
  suspensionReason: string | null;
  sessions: number;
  apiKeys: number;
}

export type DirectoryFilter = Omit<z.output<typeof AdminUserQuery>, 'cursor' | 'limit'>;

export interface Directory {
  /** Newest first. */
  search(filter: DirectoryFilter, page: { before: string | null; limit: number }): Promise<DirectoryEntry[]>;
  get(userId: string): Promise<DirectoryDetail>;
}

const COLUMNS = `users.id, email, nickname, role, tier_id as "tierId", tier.name as "tierName", created_at as "createdAt", last_seen_at as "lastSeenAt",
  suspended_at as "suspendedAt"`;

export function createDirectory(pool: Pool): Directory {
  return {
    async search({ q, role, tier, suspended }, page) {
      const values: unknown[] = [];
      const value = (given: unknown) => `$${values.push(given)}`;
      const conditions = [
        ...(q === undefined ? [] : [containing(value(q))]),
        ...(role === undefined ? [] : [`role = ${value(role)}`]),
        ...(tier === undefined ? [] : [`tier_id = ${value(tier)}`]),
        ...(suspended === undefined ? [] : [`suspended_at is ${suspended ? 'not ' : ''}null`]),
        ...(page.before === null ? [] : [`users.id < ${value(page.before)}`]),
      ];
      const { rows } = await pool.query<DirectoryEntry>(
        `select ${COLUMNS} from users join tier on tier.id = tier_id ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
          order by users.id desc limit ${value(page.limit)}`,
        values,
      );
      return rows;
    },
    async get(userId) {
      const { rows } = await pool.query<DirectoryDetail>(
        `select ${COLUMNS}, language, time_zone as "timeZone", suspension_reason as "suspensionReason",
                (select count(*)::int from sessions where user_id = users.id and expires_at > now()) as sessions,
                (select count(*)::int from api_keys where user_id = users.id) as "apiKeys"
           from users join tier on tier.id = tier_id where users.id = $1`,
        [userId],
      );
      if (rows[0] === undefined) throw UserNotFound();
      return rows[0];
    },
  };
}

/** No pattern is made of what was typed, so `%` and `_` mean themselves. */
function containing(typed: string): string {
  return `(strpos(email, lower(${typed})) > 0 or strpos(lower(nickname), lower(${typed})) > 0)`;
}

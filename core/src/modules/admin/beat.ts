import type { Pool } from 'pg';
import type { Role } from '../../config/config.ts';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import type { Activity } from './activity.ts';

export const BEAT_MS = 10_000;

export interface BeatDeps {
  pool: Pool;
  activity: Activity;
  instance: { id: string; role: Role; version: string; host: string; startedAt: Date };
  /** Who is connected here, by a socket each. */
  socketUsers(): Iterable<string>;
  isDegraded(): boolean;
}

export interface Beat {
  /** Tells the other instances what this one is and has done; those who come meanwhile wait for the one under way. */
  send(): Promise<void>;
  /** This instance is going. */
  leave(): Promise<void>;
}

/**
 * Through the database rather than Redis: there is always one, and just when Redis is away an admin must see who is there.
 * One row for each instance and beat; the tables are not logged, as nothing in them outlives an hour.
 */
export function createBeat({ pool, activity, instance, socketUsers, isDegraded }: BeatDeps): Beat {
  async function tell(): Promise<void> {
    const users = [...socketUsers()];
    await pool.query(
      `insert into instance_beat (instance_id, role, version, host, started_at, seen_at, sockets, users, degraded)
       values ($1, $2, $3, $4, $5, now(), $6, $7, $8)
       on conflict (instance_id) do update
         set seen_at = now(), sockets = excluded.sockets, users = excluded.users, degraded = excluded.degraded`,
      [
        instance.id,
        instance.role,
        instance.version,
        instance.host,
        instance.startedAt,
        users.length,
        Buffer.concat([...new Set(users)].map(shortId)),
        isDegraded(),
      ],
    );
  }

  async function report(): Promise<void> {
    const sample = activity.take();
    if (sample === null) return;
    const { requests, errors, latencies, turns, failedTurns, inputTokens, outputTokens, charged } = sample;
    try {
      await pool.query(
        `insert into activity_sample (at, instance_id, requests, errors, latencies, turns, failed_turns, input_tokens,
           output_tokens, charged)
         values (clock_timestamp(), $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          instance.id,
          requests,
          errors,
          JSON.stringify(latencies),
          turns,
          failedTurns,
          inputTokens,
          outputTokens,
          charged,
        ],
      );
    } catch (error) {
      activity.putBack(sample);
      throw error;
    }
  }

  return {
    send: oneAtATime(async () => {
      await tell();
      await report();
    }),
    async leave() {
      await pool.query('delete from instance_beat where instance_id = $1', [instance.id]);
    },
  };
}

function shortId(userId: string): Buffer {
  return Buffer.from(userId.replaceAll('-', '').slice(16), 'hex');
}

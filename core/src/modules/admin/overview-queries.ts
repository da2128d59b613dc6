import type { Pool } from 'pg';
import { BEAT_MS } from './beat.ts';

/** Two beats may get lost before an instance counts as gone. */
const ALIVE = `seen_at > now() - interval '${(3 * BEAT_MS) / 1000} seconds'`;
const SHORT_ID_BYTES = 8;
export const LATELY_SECONDS = 300;
export const HOUR_SECONDS = 3600;

export interface InstanceRow {
  id: string;
  role: string;
  version: string;
  host: string;
  startedAt: string | Date;
  seenAt: string | Date;
  sockets: number;
  users: Buffer;
  degraded: boolean;
}

export async function livingInstances(pool: Pool): Promise<InstanceRow[]> {
  const { rows } = await pool.query<InstanceRow>(
    `select instance_id as id, role, version, host, started_at as "startedAt", seen_at as "seenAt", sockets, users,
            degraded
       from instance_beat where ${ALIVE} order by started_at, instance_id`,
  );
  return rows;
}

/** Somebody with tabs on several instances is one person. */
export function countPeople(rows: readonly Pick<InstanceRow, 'users'>[]): number {
  const people = new Set<string>();
  for (const { users } of rows) {
    for (let at = 0; at < users.length; at += SHORT_ID_BYTES) {
      people.add(users.toString('hex', at, at + SHORT_ID_BYTES));
    }
  }
  return people.size;
}

/** Of the whole installation, through the small index of open turns. */
export async function openTurns(pool: Pool): Promise<{ queued: number; running: number }> {
  const { rows } = await pool.query<{ queued: number; running: number }>(
    `select count(*) filter (where state = 'queued')::int as queued,
            count(*) filter (where state = 'running')::int as running
       from turn where state in ('queued', 'running')`,
  );
  return rows[0] ?? { queued: 0, running: 0 };
}

export interface Lately {
  requests: number;
  errors: number;
  turns: number;
  failedTurns: number;
  latencies: Map<number, number>;
}

export async function lately(pool: Pool): Promise<Lately> {
  const recent = `at > now() - make_interval(secs => ${LATELY_SECONDS})`;
  const [sums, buckets] = await Promise.all([
    pool.query<Omit<Lately, 'latencies'>>(
      `select coalesce(sum(requests), 0)::int as requests, coalesce(sum(errors), 0)::int as errors,
              coalesce(sum(turns), 0)::int as turns, coalesce(sum(failed_turns), 0)::int as "failedTurns"
         from activity_sample where ${recent}`,
    ),
    pool.query<{ bucket: number; count: number }>(
      `select key::int as bucket, sum(value::int)::int as count
         from activity_sample, jsonb_each_text(latencies) where ${recent} group by key`,
    ),
  ]);
  const latencies = new Map(buckets.rows.map(({ bucket, count }) => [bucket, count]));
  return { ...(sums.rows[0] ?? { requests: 0, errors: 0, turns: 0, failedTurns: 0 }), latencies };
}

export interface Minute {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  /** Micro-credits. */
  charged: number;
}

/** The last hour, a minute each, oldest first; minutes in which nothing happened are there too. */
export async function lastHour(pool: Pool): Promise<Minute[]> {
  const { rows } = await pool.query<Record<keyof Minute | 'ago', string>>(
    `select floor(extract(epoch from now() - at) / 60) as ago, sum(requests) as requests,
            sum(input_tokens) as "inputTokens", sum(output_tokens) as "outputTokens",
            sum(charged) as charged
       from activity_sample where at > now() - make_interval(secs => ${HOUR_SECONDS}) group by 1`,
  );
  const minutes = HOUR_SECONDS / 60;
  const hour = Array.from({ length: minutes }, (): Minute => ({
    requests: 0,
    inputTokens: 0,
    outputTokens: 0,
    charged: 0,
  }));
  for (const { ago, requests, inputTokens, outputTokens, charged } of rows) {
    // What was written while we asked is of this minute.
    const minute = hour[minutes - 1 - Math.max(0, Number(ago))];
    if (minute === undefined) continue;
    minute.requests += Number(requests);
    minute.inputTokens += Number(inputTokens);
    minute.outputTokens += Number(outputTokens);
    minute.charged += Number(charged);
  }
  return hour;
}

export async function forgetOld(pool: Pool): Promise<void> {
  await pool.query(`delete from activity_sample where at < now() - make_interval(secs => ${2 * HOUR_SECONDS})`);
  await pool.query(`delete from instance_beat where not (${ALIVE})`);
}

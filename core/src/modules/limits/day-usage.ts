import type { Pool } from 'pg';

export interface DayUsage {
  requests: number;
  tokens: number;
}

/** What somebody used on this day, over all models. */
export async function dayUsage(pool: Pool, userId: string, day: string): Promise<DayUsage> {
  const { rows } = await pool.query<{ requests: string; tokens: string }>(
    `select coalesce(sum(requests), 0) as requests, coalesce(sum(input_tokens + output_tokens), 0) as tokens
       from usage_day where user_id = $1 and day = $2`,
    [userId, day],
  );
  return { requests: Number(rows[0]!.requests), tokens: Number(rows[0]!.tokens) };
}

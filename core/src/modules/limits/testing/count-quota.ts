import type { PoolClient } from 'pg';
import type { DayUsage } from '../day-usage.ts';
import { counting, type QuotaRefusal, quotaRows, QuotaTally, type QuotaUse, recording, usedColumn } from '../quota.ts';

/** What a request has taken when it is over. */
export interface QuotaUsed extends Pick<QuotaUse, 'userId' | 'day' | 'model' | 'plugin'> {
  inputTokens: number;
  outputTokens: number;
  /** Micro-credits. */
  chargedMicro: bigint;
}

/** Looks, judges and counts as an admission does; answers in their order: null, or what is spent. */
export async function takeQuota(client: PoolClient, uses: readonly QuotaUse[]): Promise<(QuotaRefusal | null)[]> {
  const { rows } = await client.query<{ used: DayUsage }>(
    `select ${usedColumn({ userId: 'w.user_id', day: 'w.day' })}
     from rows from (json_to_recordset($1::json) as (user_id uuid, day date)) with ordinality as w (user_id, day, nth)
     order by w.nth`,
    [quotaRows(uses)],
  );
  const tally = new QuotaTally();
  const refusals = uses.map((use, at) => {
    const refusal = tally.refusalOf(use, rows[at]!.used);
    if (refusal === null) tally.take(use);
    return refusal;
  });
  const taken = quotaRows(uses.filter((_, at) => refusals[at] === null));
  await client.query(`with nothing as (select 1), ${counting('$1::json', 'nothing')} select 1`, [taken]);
  return refusals;
}

/** Adds up as the settling of turns does. */
export async function recordQuota(client: PoolClient, used: readonly QuotaUsed[]): Promise<void> {
  const rows = used.map((one) => ({
    user_id: one.userId,
    day: one.day,
    model: one.model,
    plugin: one.plugin,
    input_tokens: one.inputTokens,
    output_tokens: one.outputTokens,
    charged: String(one.chargedMicro),
  }));
  const ended = `select * from json_to_recordset($1::json) as r (user_id uuid, day date, model text, plugin text,
    input_tokens bigint, output_tokens bigint, charged bigint)`;
  await client.query(`with ${recording(ended)} select 1`, [JSON.stringify(rows)]);
}

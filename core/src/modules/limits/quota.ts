import type { PoolClient } from 'pg';

/** One request that wants to be counted. */
export interface QuotaUse {
  userId: string;
  /** `YYYY-MM-DD` on the user's own calendar. */
  day: string;
  /** Public model id. */
  model: string;
  /** Of the provider that answers. */
  plugin: string;
  /** Null: as many as somebody likes. */
  requestsPerDay: number | null;
  tokensPerDay: number | null;
}

/** What is spent; `used` is what was counted before. */
export interface QuotaRefusal {
  spent: 'requests' | 'tokens';
  limit: number;
  used: number;
}

/** What a request has taken when it is over. */
export interface QuotaUsed {
  userId: string;
  day: string;
  model: string;
  plugin: string;
  inputTokens: number;
  outputTokens: number;
  /** Micro-credits. */
  chargedMicro: bigint;
}

export interface Quota {
  /**
   * Counts each request that its user's day still has room for, and answers in their order: null, or what is spent. Must run
   * under the admission lock of these users: what is counted meanwhile elsewhere would not be seen.
   */
  take(client: PoolClient, uses: readonly QuotaUse[]): Promise<(QuotaRefusal | null)[]>;
  /** Adds tokens and charges. */
  record(client: PoolClient, used: readonly QuotaUsed[]): Promise<void>;
}

interface Judged {
  spent: QuotaRefusal['spent'] | null;
  most: string | null;
  used: string | null;
}

export const quota: Quota = {
  async take(client, uses) {
    if (uses.length === 0) return [];
    const wanted = uses.map((use, at) => ({
      at,
      user_id: use.userId,
      day: use.day,
      model: use.model,
      plugin: use.plugin,
      most_requests: use.requestsPerDay,
      most_tokens: use.tokensPerDay,
    }));
    const { rows } = await client.query<Judged>({
      name: 'limits.quota.take',
      text: TAKE,
      values: [JSON.stringify(wanted)],
    });
    return rows.map(({ spent, most, used }) =>
      spent === null ? null : { spent, limit: Number(most), used: Number(used) },
    );
  },

  async record(client, used) {
    if (used.length === 0) return;
    const rows = used.map((one) => ({
      user_id: one.userId,
      day: one.day,
      model: one.model,
      plugin: one.plugin,
      input_tokens: one.inputTokens,
      output_tokens: one.outputTokens,
      charged: String(one.chargedMicro),
    }));
    await client.query({ name: 'limits.quota.record', text: RECORD, values: [JSON.stringify(rows)] });
  },
};

/**
 * Uses of one day are judged one after another: `nth` counts those before. Limits that differ within a batch were changed a
 * moment ago; the lowest holds. Rows are written in the order of their key, or two transactions could wait for each other.
 */
const TAKE = `
  with wanted as (
    select w.at, w.user_id, w.day, w.model, w.plugin, row_number() over (own order by w.at) as nth,
      min(w.most_requests) over own as most_requests, min(w.most_tokens) over own as most_tokens
    from json_to_recordset($1::json) as w
      (at int, user_id uuid, day date, model text, plugin text, most_requests bigint, most_tokens bigint)
    window own as (partition by w.user_id, w.day)),
  judged as (
    select w.*, u.requests + w.nth - 1 as requests, u.tokens,
      case when u.tokens >= w.most_tokens then 'tokens'
           when u.requests + w.nth > w.most_requests then 'requests' end as spent
    from wanted w
    cross join lateral (
      select coalesce(sum(d.requests), 0)::bigint as requests,
        coalesce(sum(d.input_tokens + d.output_tokens), 0)::bigint as tokens
      from usage_day d where d.user_id = w.user_id and d.day = w.day) u),
  counted as (
    insert into usage_day (user_id, day, model, plugin, requests)
    select j.user_id, j.day, j.model, j.plugin, count(*) from judged j where j.spent is null
    group by j.user_id, j.day, j.model, j.plugin order by j.user_id, j.day, j.model, j.plugin
    on conflict (user_id, day, model, plugin) do update set requests = usage_day.requests + excluded.requests)
  select j.spent,
    case j.spent when 'tokens' then j.most_tokens else j.most_requests end as most,
    case j.spent when 'tokens' then j.tokens else least(j.requests, j.most_requests) end as used
  from judged j order by j.at`;

const RECORD = `
  insert into usage_day (user_id, day, model, plugin, input_tokens, output_tokens, charged)
  select u.user_id, u.day, u.model, u.plugin, sum(u.input_tokens), sum(u.output_tokens), sum(u.charged)
  from json_to_recordset($1::json) as u
    (user_id uuid, day date, model text, plugin text, input_tokens bigint, output_tokens bigint, charged bigint)
  group by u.user_id, u.day, u.model, u.plugin order by u.user_id, u.day, u.model, u.plugin
  on conflict (user_id, day, model, plugin) do update set
    input_tokens = usage_day.input_tokens + excluded.input_tokens,
    output_tokens = usage_day.output_tokens + excluded.output_tokens,
    charged = usage_day.charged + excluded.charged`;

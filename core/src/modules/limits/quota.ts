import type { DayUsage } from './day-usage.ts';

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

/** Judges several that looked at the same day: what one takes the next ones do not have. */
export class QuotaTally {
  readonly #taken = new Map<string, number>();

  refusalOf(use: QuotaUse, day: DayUsage): QuotaRefusal | null {
    const { requestsPerDay, tokensPerDay } = use;
    if (tokensPerDay !== null && day.tokens >= tokensPerDay) {
      return { spent: 'tokens', limit: tokensPerDay, used: day.tokens };
    }
    const requests = day.requests + this.#of(use);
    if (requestsPerDay === null || requests < requestsPerDay) return null;
    return { spent: 'requests', limit: requestsPerDay, used: Math.min(requests, requestsPerDay) };
  }

  take(use: QuotaUse): void {
    this.#taken.set(dayOf(use), this.#of(use) + 1);
  }

  #of(use: QuotaUse): number {
    return this.#taken.get(dayOf(use)) ?? 0;
  }
}

function dayOf({ userId, day }: QuotaUse): string {
  return `${userId} ${day}`;
}

/**
 * SQL for a `DayUsage`, given the SQL of who and when. What is judged by it must be counted under the admission lock of that
 * user: what is counted meanwhile elsewhere would not be seen.
 */
export function usedColumn(of: { userId: string; day: string }): string {
  return `(
    select json_build_object('requests', coalesce(sum(d.requests), 0),
      'tokens', coalesce(sum(d.input_tokens + d.output_tokens), 0))
    from usage_day d where d.user_id = ${of.userId} and d.day = ${of.day}) as used`;
}

/** For `counting`, as the JSON it reads. */
export function quotaRows(uses: readonly QuotaUse[]): string {
  return JSON.stringify(uses.map(({ userId, day, model, plugin }) => ({ user_id: userId, day, model, plugin })));
}

/**
 * Counts requests, as a part of the statement that writes the turns. `rows`: SQL of what `quotaRows` made; `after`: the part
 * whose locks come before those of the days. Rows are written in the order of their key, or two could wait for each other.
 */
export function counting(rows: string, after: string): string {
  return `
    quota_counted as (
      insert into usage_day (user_id, day, model, plugin, requests)
      select u.user_id, u.day, u.model, u.plugin, count(*)
      from json_to_recordset(${rows}) as u (user_id uuid, day date, model text, plugin text)
      where (select count(*) from ${after}) >= 0
      group by u.user_id, u.day, u.model, u.plugin order by u.user_id, u.day, u.model, u.plugin
      on conflict (user_id, day, model, plugin) do update set requests = usage_day.requests + excluded.requests)`;
}

/**
 * Adds tokens and charges, as a part of the statement that ends the turns. `used`: SQL of rows `user_id, day, model, plugin,
 * input_tokens, output_tokens, charged`, whose locks come before those of the days.
 */
export function recording(used: string): string {
  return `
    quota_recorded as (
      insert into usage_day (user_id, day, model, plugin, input_tokens, output_tokens, charged)
      select u.user_id, u.day, u.model, u.plugin, sum(u.input_tokens), sum(u.output_tokens), sum(u.charged)
      from (${used}) u
      group by u.user_id, u.day, u.model, u.plugin order by u.user_id, u.day, u.model, u.plugin
      on conflict (user_id, day, model, plugin) do update set
        input_tokens = usage_day.input_tokens + excluded.input_tokens,
        output_tokens = usage_day.output_tokens + excluded.output_tokens,
        charged = usage_day.charged + excluded.charged)`;
}

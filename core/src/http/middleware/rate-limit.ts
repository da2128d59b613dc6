import type { Context } from 'koa';
import { defineError } from '../../lib/app-error.ts';
import type { RateWindow } from '../../ports/rate-window/index.ts';
import { type LimitState, rateLimitHeaders } from '../rate-limit-headers.ts';
import { defaultLimits, type LimitName, type LimitTable } from '../limits-table.ts';

export const LimitExceeded = defineError(
  'limit.exceeded',
  429,
  (d: { name: LimitName; limit: number; seconds: number }) =>
    `At most ${d.limit} in ${d.seconds} seconds. Wait a moment, then try again.`,
);

export interface Limiter {
  readonly table: Readonly<LimitTable>;
  /** Takes one; throws `limit.exceeded` when none is left. `key` is whoever is limited: `user:<id>` or `ip:<address>`. */
  consume(name: LimitName, key: string): Promise<LimitState>;
}

export interface LimiterOptions {
  window: RateWindow;
  /** Instead of the defaults; for benchmarks and tests. */
  limits?: Partial<LimitTable>;
}

export function createLimiter(options: LimiterOptions): Limiter {
  const { window } = options;
  const table: LimitTable = { ...defaultLimits, ...options.limits };

  return {
    table,
    async consume(name, key) {
      const { points: limit, seconds } = table[name];
      const { isTaken, remaining, waitMs } = await window.take(`${name}:${key}`, limit, seconds * 1000);
      const resetSeconds = Math.max(1, Math.ceil(waitMs / 1000));
      if (!isTaken) throw LimitExceeded({ name, limit, seconds }, { retryAfter: resetSeconds });
      return { limit, remaining, resetSeconds };
    },
  };
}

/** Consumes and tells the client where it stands; the error handler does so when it is refused. */
export async function limitRequest(ctx: Context, limiter: Limiter, name: LimitName, key: string): Promise<void> {
  const state = await limiter.consume(name, key);
  ctx.set(rateLimitHeaders(state));
}

import type { Redis } from 'ioredis';
import type { Context } from 'koa';
import { defineError } from '../../lib/app-error.ts';
import { openRateWindow } from '../../ports/rate-window/index.ts';
import { defaultLimits, type LimitName, type LimitTable } from '../limits-table.ts';

export const LimitExceeded = defineError(
  'limit.exceeded',
  429,
  (d: { name: LimitName; limit: number; seconds: number }) =>
    `At most ${d.limit} in ${d.seconds} seconds. Wait a moment, then try again.`,
);

export interface LimitState {
  limit: number;
  remaining: number;
  /** Until there is one more: the window slides, so its places become free one by one. */
  resetSeconds: number;
}

export interface Limiter {
  /** Takes one; throws `limit.exceeded` when none is left. `key` is whoever is limited: `user:<id>` or `ip:<address>`. */
  consume(name: LimitName, key: string): Promise<LimitState>;
}

export interface LimiterOptions {
  /** Null: counted in this process. */
  redis: Redis | null;
  /** Instead of the defaults; for benchmarks and tests. */
  limits?: Partial<LimitTable>;
}

export function createLimiter(options: LimiterOptions): Limiter {
  const table: LimitTable = { ...defaultLimits, ...options.limits };
  const window = openRateWindow(options.redis);

  return {
    async consume(name, key) {
      const { points: limit, seconds } = table[name];
      const { isTaken, remaining, waitMs } = await window.take(`${name}:${key}`, limit, seconds * 1000);
      const resetSeconds = Math.max(1, Math.ceil(waitMs / 1000));
      if (!isTaken) throw LimitExceeded({ name, limit, seconds }, { retryAfter: resetSeconds });
      return { limit, remaining, resetSeconds };
    },
  };
}

/** Consumes and tells the client where it stands, refused or not. */
export async function limitRequest(ctx: Context, limiter: Limiter, name: LimitName, key: string): Promise<void> {
  try {
    setHeaders(ctx, await limiter.consume(name, key));
  } catch (error) {
    if (LimitExceeded.is(error)) {
      setHeaders(ctx, { limit: Number(error.data.limit), remaining: 0, resetSeconds: error.retryAfter ?? 1 });
    }
    throw error;
  }
}

function setHeaders(ctx: Context, state: LimitState): void {
  ctx.set('RateLimit-Limit', String(state.limit));
  ctx.set('RateLimit-Remaining', String(state.remaining));
  ctx.set('RateLimit-Reset', String(state.resetSeconds));
}

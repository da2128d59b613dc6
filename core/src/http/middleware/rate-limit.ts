import type { Redis } from 'ioredis';
import type { Context } from 'koa';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { defineError } from '../../lib/app-error.ts';
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

/** With Redis gone each instance counts for itself: the worst overrun is limit × instances, and nobody is shut out. */
export function createLimiter(options: LimiterOptions): Limiter {
  const table: LimitTable = { ...defaultLimits, ...options.limits };
  const limiters = new Map<LimitName, RateLimiterAbstract>();
  for (const [name, { points, seconds }] of Object.entries(table) as [LimitName, LimitTable[LimitName]][]) {
    const own = { keyPrefix: `parley:limit:${name}`, points, duration: seconds };
    const memory = new RateLimiterMemory(own);
    limiters.set(
      name,
      options.redis === null
        ? memory
        : new RateLimiterRedis({
            ...own,
            storeClient: options.redis,
            insuranceLimiter: memory,
            // Whoever is over the limit is refused from here without asking Redis again.
            inMemoryBlockOnConsumed: points + 1,
          }),
    );
  }

  return {
    async consume(name, key) {
      const { points: limit, seconds } = table[name];
      try {
        return presentState(limit, await limiters.get(name)!.consume(key));
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw LimitExceeded({ name, limit, seconds }, { retryAfter: presentState(limit, refusal).resetSeconds });
      }
    },
  };
}

function presentState(limit: number, result: RateLimiterRes): LimitState {
  return {
    limit,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
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

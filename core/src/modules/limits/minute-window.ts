import type { LimitMetrics } from '../../observability/metrics/limit-metrics.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { RateWindow, Standing } from '../../ports/rate-window/index.ts';
import type { EffectiveLimits } from './effective-limits.ts';
import { RequestsPerMinuteSpent } from './limits.errors.ts';

export interface MinuteState {
  limit: number;
  remaining: number;
  /** When there is one more: the minute slides. Null while nothing is used. */
  resetAt: Date | null;
}

export interface MinuteWindow {
  /** Counts one request of this person, over all instances; throws `limits.requests-per-minute` when there is none left. */
  take(userId: string, limits: Pick<EffectiveLimits, 'requestsPerMinute'>): Promise<MinuteState>;
  look(userId: string, limits: Pick<EffectiveLimits, 'requestsPerMinute'>): Promise<MinuteState>;
}

export interface MinuteWindowDeps {
  rateWindow: RateWindow;
  metrics: Pick<LimitMetrics, 'decided'>;
  clock: Clock;
}

const MINUTE_MS = 60_000;

export function minuteWindow({ rateWindow, metrics, clock }: MinuteWindowDeps): MinuteWindow {
  const key = (userId: string) => `requests:user:${userId}`;
  const stateOf = (limit: number, { remaining, waitMs }: Standing): MinuteState => ({
    limit,
    remaining,
    resetAt: remaining >= limit ? null : new Date(clock.now() + waitMs),
  });

  return {
    async take(userId, { requestsPerMinute: limit }) {
      const { isTaken, ...standing } = await rateWindow.take(key(userId), limit, MINUTE_MS);
      metrics.decided('requests-per-minute', isTaken ? 'allowed' : 'refused');
      const state = stateOf(limit, standing);
      if (isTaken) return state;
      const seconds = Math.max(1, Math.ceil(standing.waitMs / 1000));
      const resetAt = new Date(clock.now() + standing.waitMs).toISOString();
      throw RequestsPerMinuteSpent({ limit, resetAt, seconds }, { retryAfter: seconds });
    },
    look: async (userId, { requestsPerMinute: limit }) =>
      stateOf(limit, await rateWindow.look(key(userId), limit, MINUTE_MS)),
  };
}

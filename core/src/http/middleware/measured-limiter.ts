import type { LimitMetrics } from '../../observability/metrics.ts';
import { type Limiter, LimitExceeded } from './rate-limit.ts';

/** Counts what a limiter decides. */
export function measuredLimiter(limiter: Limiter, metrics: LimitMetrics): Limiter {
  return {
    ...limiter,
    async consume(name, key) {
      try {
        const state = await limiter.consume(name, key);
        metrics.decided(name, 'allowed');
        return state;
      } catch (error) {
        if (LimitExceeded.is(error)) metrics.decided(name, 'refused');
        throw error;
      }
    },
  };
}

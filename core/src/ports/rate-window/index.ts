import type { Logger } from '../../observability/logger.ts';
import type { LimitMetrics } from '../../observability/metrics/limit-metrics.ts';
import type { RedisPort } from '../redis/redis.ts';
import { createFallbackRateWindow } from './fallback-rate-window.ts';
import { createMemoryRateWindow } from './memory-rate-window.ts';
import type { RateWindow } from './rate-window.ts';
import { createRedisRateWindow } from './redis-rate-window.ts';

export { createMemoryRateWindow } from './memory-rate-window.ts';
export type { RateWindow, Standing, Taken } from './rate-window.ts';

export interface OpenRateWindow extends RateWindow {
  /** Each instance counts for itself just now, though Redis should count for all. */
  isDegraded(): boolean;
  /** Hears of every change of that. */
  onChange(listener: (isDegraded: boolean) => void): void;
}

/** `redis` null: there is one instance, counted in this process. */
export function openRateWindow(options: {
  redis: Pick<RedisPort, 'client' | 'isReady' | 'onChange'> | null;
  log: Logger;
  metrics: Pick<LimitMetrics, 'watchFallback'>;
}): OpenRateWindow {
  const memory = createMemoryRateWindow();
  if (options.redis === null) return { ...memory, isDegraded: () => false, onChange: () => {} };

  const { log, metrics, redis } = options;
  const listeners: ((isDegraded: boolean) => void)[] = [];
  let isAway = false;
  let wasDegraded = false;
  let fallbacks = 0;
  const isDegraded = () => isAway || !redis.isReady();
  function tellChange(error?: unknown): void {
    if (isDegraded() === wasDegraded) return;
    wasDegraded = isDegraded();
    if (wasDegraded) log.error({ err: error }, 'Limits are counted by each instance for itself until Redis is back');
    else log.info('Limits are counted for all instances together again');
    for (const listener of listeners) listener(wasDegraded);
  }
  metrics.watchFallback(() => fallbacks);
  const window = createFallbackRateWindow({
    first: createRedisRateWindow(redis.client),
    second: memory,
    onFallback: () => void fallbacks++,
    onChange(now, error) {
      isAway = now;
      tellChange(error);
    },
  });
  tellChange();
  redis.onChange((isReady) => {
    tellChange();
    // Asked once, so that its return does not wait for somebody to come by.
    if (isReady) void window.look('return', 1, 1_000);
  });
  return { ...window, isDegraded, onChange: (listener) => void listeners.push(listener) };
}

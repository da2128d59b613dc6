import { setTimeout as pause } from 'node:timers/promises';
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

const PROBE_EVERY_MS = 1_000;

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
  const { probe, ...window } = createFallbackRateWindow({
    first: createRedisRateWindow(redis.client),
    second: memory,
    onFallback: () => void fallbacks++,
    onChange(now, error) {
      isAway = now;
      tellChange(error);
      void awaitReturn();
    },
  });
  let isAwaited = false;
  /** So that it does not depend on somebody coming by. Ends with its connection; the next one begins it anew. */
  async function awaitReturn(): Promise<void> {
    if (isAwaited) return;
    isAwaited = true;
    while (redis.isReady() && isDegraded()) {
      await probe();
      await pause(PROBE_EVERY_MS, undefined, { ref: false });
    }
    isAwaited = false;
  }
  tellChange();
  redis.onChange(() => {
    tellChange();
    void awaitReturn();
  });
  return { ...window, isDegraded, onChange: (listener) => void listeners.push(listener) };
}

import type { Redis } from 'ioredis';
import { createFallbackRateWindow } from './fallback-rate-window.ts';
import { createMemoryRateWindow } from './memory-rate-window.ts';
import type { RateWindow } from './rate-window.ts';
import { createRedisRateWindow } from './redis-rate-window.ts';

export type { RateWindow, Taken } from './rate-window.ts';

/** `redis` null: counted in this process only. */
export function openRateWindow(redis: Redis | null): RateWindow {
  const memory = createMemoryRateWindow();
  return redis === null ? memory : createFallbackRateWindow(createRedisRateWindow(redis), memory);
}

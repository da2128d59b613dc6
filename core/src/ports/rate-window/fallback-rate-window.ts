import type { RateWindow } from './rate-window.ts';

/**
 * Counts in `second` each time `first` fails, and in `first` again as soon as it answers. What one has counted the other
 * does not know: with Redis away each instance counts for itself, so the worst overrun is limit × instances.
 */
export function createFallbackRateWindow(first: RateWindow, second: RateWindow): RateWindow {
  return {
    // The port of `first` tells of its loss; here a request only must not fail with it.
    take: (key, limit, windowMs) => first.take(key, limit, windowMs).catch(() => second.take(key, limit, windowMs)),
  };
}

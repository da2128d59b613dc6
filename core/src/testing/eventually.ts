import { expect } from 'vitest';

/** Waits for a condition as long as a busy machine may need; a condition that holds costs nothing. */
export function eventually<T>(probe: () => T) {
  return expect.poll(probe, { timeout: 60_000, interval: 10 });
}

import type { ProviderError } from '@parley/sdk/plugin';
import { describe, expect, test } from 'vitest';
import { maxAttempts, retryDelay } from './retry-delay.ts';

const overloaded: ProviderError = { class: 'overloaded', retryable: true, message: 'busy' };

describe('the wait before another try', () => {
  test('doubles, with jitter', () => {
    expect(retryDelay(overloaded, 1, 0.5)).toBe(250);
    expect(retryDelay(overloaded, 2, 0.5)).toBe(500);
  });

  test('is at least what the server asked for', () => {
    expect(retryDelay({ ...overloaded, retryAfterMs: 3000 }, 1, 0.9)).toBe(3000);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('ignores a server that asks for %d', (retryAfterMs) => {
    expect(retryDelay({ ...overloaded, retryAfterMs }, 1, 0.5)).toBe(250);
  });

  test('is not worth it when the server asks for too long', () => {
    expect(retryDelay({ ...overloaded, retryAfterMs: 60_000 }, 1, 0.5)).toBeNull();
  });

  test('never comes for a mistake that trying again cannot mend, nor after the last try', () => {
    expect(retryDelay({ ...overloaded, retryable: false }, 1, 0.5)).toBeNull();
    expect(retryDelay(overloaded, maxAttempts, 0.5)).toBeNull();
  });
});

import type { ProviderError } from '@parley/sdk/plugin';

/** Tries in all; one layer retries, and that is this one. */
export const maxAttempts = 3;
/** Beyond this a person had better be told. */
const longestWaitMs = 20_000;

/**
 * Milliseconds to wait before the next try, or null to give up: 0.5 s × 2ⁿ with full jitter, and what the server asked for as the least.
 * `random` is in [0, 1).
 */
export function retryDelay(error: ProviderError, attempt: number, random: number): number | null {
  if (!error.retryable || attempt >= maxAttempts) return null;
  const backoff = 500 * 2 ** (attempt - 1) * random;
  const asked = error.retryAfterMs;
  if (asked === undefined || !Number.isFinite(asked) || asked < 0) return backoff;
  return asked > longestWaitMs ? null : Math.max(asked, backoff);
}

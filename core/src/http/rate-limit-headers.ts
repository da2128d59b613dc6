import type { Problem } from '@parley/sdk/contract';

export interface LimitState {
  limit: number;
  remaining: number;
  /** Until there is one more: windows slide, so their places become free one by one. */
  resetSeconds: number;
}

export function rateLimitHeaders({ limit, remaining, resetSeconds }: LimitState): Record<string, string> {
  return {
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(resetSeconds),
  };
}

/** Where somebody stands whom a limit refused, whichever it was. */
export function refusedState({ status, data, retryAfter }: Problem): LimitState | null {
  if (status !== 429 || typeof data?.limit !== 'number' || retryAfter === undefined) return null;
  return { limit: data.limit, remaining: 0, resetSeconds: Math.max(1, Math.ceil(retryAfter)) };
}

import type { AppError } from '../../lib/app-error.ts';
import { RequestsPerDaySpent, TokensPerDaySpent } from './limits.errors.ts';
import { nextMidnight } from '../../lib/local-day.ts';
import type { QuotaRefusal } from './quota.ts';

/** What to throw for a refusal of `QuotaTally`: a 429 that says until when, by the user's own clock. */
export function quotaRefused({ spent, limit, used }: QuotaRefusal, nowMs: number, timeZone: string): AppError {
  const resetAt = nextMidnight(nowMs, timeZone);
  const data = { limit, used, resetAt: resetAt.toISOString(), timeZone };
  const retryAfter = Math.max(1, Math.ceil((resetAt.getTime() - nowMs) / 1000));
  return (spent === 'requests' ? RequestsPerDaySpent : TokensPerDaySpent)(data, { retryAfter });
}

import { defineError } from '../../lib/app-error.ts';

export const ModelNotAllowed = defineError(
  'limits.model-not-allowed',
  403,
  (d: { model: string; tier: string }) => `The model ${d.model} does not belong to the tier ${d.tier}.`,
);
export const RequestsPerMinuteSpent = defineError(
  'limits.requests-per-minute',
  429,
  (d: { limit: number; resetAt: string; seconds: number }) =>
    `At most ${d.limit} requests in a minute. The next one is possible in ${d.seconds} seconds.`,
);

export interface DaySpent extends Record<string, unknown> {
  limit: number;
  used: number;
  /** The user's midnight. */
  resetAt: string;
  timeZone: string;
}
export const RequestsPerDaySpent = defineError(
  'limits.requests-per-day',
  429,
  (d: DaySpent) => `The ${d.limit} requests of today are spent. ${againAt(d)}`,
);
export const TokensPerDaySpent = defineError(
  'limits.tokens-per-day',
  429,
  (d: DaySpent) => `The ${d.limit} tokens of today are spent. ${againAt(d)}`,
);
export const TooManyOverrides = defineError(
  'limit-override.too-many',
  409,
  (d: { limit: number }) => `At most ${d.limit} exceptions for one person. Make a tier for such people instead.`,
);
export const OverrideNotFound = defineError('limit-override.not-found', 404, () => 'There is no such exception.');

function againAt({ resetAt, timeZone }: DaySpent): string {
  return `They are there again at midnight (${timeZone}), at ${resetAt.slice(0, 16).replace('T', ' ')} UTC.`;
}

import { asObject, asText } from '../json.ts';
import type { ErrorFacts } from './error-facts.ts';

/** How long a server asks us to wait; nonsense is no wish. */
export function retryAfterMs(headers: Headers | undefined, facts: ErrorFacts, now: number): number | undefined {
  return (
    positive(numberOf(headers?.get('retry-after-ms'))) ??
    retryAfter(headers?.get('retry-after'), headers?.get('date'), now) ??
    googleDelay(facts)
  );
}

function retryAfter(
  value: string | null | undefined,
  date: string | null | undefined,
  now: number,
): number | undefined {
  if (value === null || value === undefined || value.trim() === '') return undefined;
  const seconds = numberOf(value);
  if (seconds !== undefined) return positive(seconds * 1000);
  // Only a date with letters: "2026" alone would be one, too.
  const until = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  // Measured by the server's own clock when it tells it, since ours may be wrong.
  const reference = Date.parse(date ?? '');
  return positive(until - (Number.isNaN(reference) ? now : reference));
}

function googleDelay(facts: ErrorFacts): number | undefined {
  for (const detail of facts.details) {
    const delay = asText(asObject(detail)['retryDelay']);
    if (delay !== undefined && /^\d+(?:\.\d+)?s$/.test(delay)) return Number.parseFloat(delay) * 1000;
  }
  return undefined;
}

function numberOf(value: string | null | undefined): number | undefined {
  const text = value?.trim() ?? '';
  return /^[-+]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}
function positive(milliseconds: number | undefined): number | undefined {
  return milliseconds !== undefined && milliseconds >= 0 ? Math.round(milliseconds) : undefined;
}

import { language, t } from './i18n.svelte.ts';

const kept = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.ListFormat>();

function once<T extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.ListFormat>(
  key: string,
  make: (language: string) => T,
): T {
  const name = `${language()} ${key}`;
  const known = (kept.get(name) as T | undefined) ?? make(language());
  kept.set(name, known);
  return known;
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  return once(`number ${JSON.stringify(options)}`, (tag) => new Intl.NumberFormat(tag, options)).format(value);
}

export function formatDate(at: string | Date, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium' }): string {
  return once(`date ${JSON.stringify(options)}`, (tag) => new Intl.DateTimeFormat(tag, options)).format(new Date(at));
}

export function formatTime(at: string | Date): string {
  return formatDate(at, { timeStyle: 'short' });
}

export function formatDateTime(at: string | Date): string {
  return formatDate(at, { dateStyle: 'medium', timeStyle: 'short' });
}

export function formatList(items: readonly string[]): string {
  return once('list', (tag) => new Intl.ListFormat(tag)).format(items);
}

/** What took less than the clock can tell still took its time. */
export function formatMilliseconds(ms: number): string {
  if (ms < 1) return t('ui.under-millisecond');
  return t('ui.milliseconds', { ms: formatNumber(ms, { maximumFractionDigits: ms < 10 ? 1 : 0 }) });
}

export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return formatNumber(bytes / 1000 ** power, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: power > 1 ? 1 : 0,
  });
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "5 minutes ago"; beyond a week the date says more. */
export function formatAgo(at: string | Date, now = Date.now()): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  if (Math.abs(seconds) > 7 * 86_400) return formatDate(at);
  const relative = once('ago', (tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(0, 'second');
}

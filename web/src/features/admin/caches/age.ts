import { formatNumber } from '../../../i18n/format.ts';

const steps = [
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the largest unit that gives a whole number of at least one. */
export function formatAge(seconds: number): string {
  const [unit, size] = steps.find(([, each]) => seconds >= each) ?? ['second', 1];
  return formatNumber(Math.floor(seconds / size), { style: 'unit', unit, unitDisplay: 'short' });
}

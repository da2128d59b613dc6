import type { UsageReport } from '@parley/sdk/contract';

export const spans = ['7', '30', '90'] as const;
export type Span = (typeof spans)[number];
const dayMs = 86_400_000;

/** The last days of somebody's own calendar, today with them. */
export function daysBack(span: Span, timeZone: string, now = Date.now()): { from: string; to: string } {
  // The Swedish way of writing a date is the ISO one.
  const to = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(now);
  return { from: dayAfter(to, 1 - Number(span)), to };
}

export type Figures = UsageReport['total'];
type Day = UsageReport['byDay'][number];
const nothing: Figures = { requests: 0, inputTokens: 0, outputTokens: 0, charged: 0 };

/** Every day of the report; the server leaves out those on which nothing was used. */
export function everyDay({ from, to, byDay }: UsageReport): Day[] {
  const known = new Map(byDay.map((day) => [day.day, day]));
  const days: Day[] = [];
  for (let day = from; day <= to; day = dayAfter(day, 1)) days.push(known.get(day) ?? { day, ...nothing });
  return days;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
}

export const measures = ['charged', 'requests', 'tokens'] as const;
export type Measure = (typeof measures)[number];

export function measured(figures: Figures, measure: Measure): number {
  return measure === 'tokens' ? figures.inputTokens + figures.outputTokens : figures[measure];
}

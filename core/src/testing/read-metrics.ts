import type { MetricsPage } from '../observability/metrics.ts';

export interface ReadMetrics {
  text: string;
  /** Undefined: there is no such series. */
  value(name: string, labels?: Record<string, string>): number | undefined;
}

/** The page of metrics as a scraper reads it. */
export async function readMetrics(page: Pick<MetricsPage, 'text'>): Promise<ReadMetrics> {
  const text = await page.text();
  const series = new Map<string, number>();
  for (const [, name, labels = '', value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, of]) => `${key}=${of}`);
    series.set(`${name} ${pairs.toSorted().join()}`, Number(value));
  }
  return {
    text,
    value(name, labels = {}) {
      const pairs = Object.entries(labels).map(([key, of]) => `${key}=${of}`);
      return series.get(`${name} ${pairs.toSorted().join()}`);
    },
  };
}

import type { HttpMetrics } from '../observability/metrics.ts';

/** Answers are told to the metrics, and to somebody else who counts them. */
export function toldTwice(metrics: HttpMetrics, other: Pick<HttpMetrics, 'answered'>): HttpMetrics {
  return {
    answered(route, method, status, seconds) {
      metrics.answered(route, method, status, seconds);
      other.answered(route, method, status, seconds);
    },
    aborted: (route) => metrics.aborted(route),
  };
}

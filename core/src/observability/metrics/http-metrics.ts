import { METHODS } from 'node:http';
import { Counter, Histogram, type Registry } from 'prom-client';

export interface HttpMetrics {
  /** `route` is a template such as `/api/turns/:id`, never a path: paths hold ids and know no bound. */
  answered(route: string, method: string, status: number, seconds: number): void;
  /** The client went before it had its answer. */
  aborted(route: string): void;
}

const methods = new Set(METHODS);
const classes = ['1xx', '2xx', '3xx', '4xx', '5xx'];

export function httpMetrics(registry: Registry): HttpMetrics {
  const durations = new Histogram({
    name: 'parley_http_request_duration_seconds',
    help: 'From the first byte of a request to the last byte of its answer; streams last as long as their reply.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [registry],
  });
  const aborted = new Counter({
    name: 'parley_http_requests_aborted_total',
    help: 'Requests whose client went before the answer was complete.',
    labelNames: ['route'],
    registers: [registry],
  });
  return {
    answered(route, method, status, seconds) {
      const known = methods.has(method) ? method : 'other';
      durations.observe({ route, method: known, status: classes[Math.floor(status / 100) - 1] ?? 'other' }, seconds);
    },
    aborted: (route) => aborted.inc({ route }),
  };
}

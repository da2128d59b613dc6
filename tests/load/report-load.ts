import { printTable } from '../bench/print-table.ts';
import type { LoadSize } from './load-plan.ts';
import type { RouteTimes } from './route-times.ts';
import { type LoadFigures, loadRows } from './verdicts.ts';

/** Two tables: every route as measured, and what is demanded of the whole. */
export function reportLoad({ people, streams, requestsPerSecond }: LoadSize, figures: LoadFigures): void {
  const { loadAverage, ...went } = figures.machine;
  console.log(`\n${people} people, ${streams} streams at 30/s, ${requestsPerSecond} API requests/s`);
  console.log(
    `(load average ${loadAverage.map((load) => load.toFixed(1)).join(' to ')}; ${went.deltasPerSecond.toFixed(0)} deltas/s and ${went.requestsPerSecond.toFixed(0)} requests/s took ${went.processors.toFixed(2)} processors)\n`,
  );
  printTable(
    ['route', 'requests', 'P50 ms', 'P95 ms', 'P99 ms', '5xx', 'refused'],
    [figures.all, ...figures.routes].map(routeRow),
  );
  console.log('');
  printTable(
    ['under load', 'demanded', 'floor', 'Parley', ''],
    loadRows(figures).map(({ what, demanded, floor, parley, verdict }) => [what, demanded, floor, parley, verdict]),
  );
  const faults = figures.streams.faults.slice(0, 5);
  if (faults.length > 0) console.error(`streams: ${faults.join('; ')}`);
}

function routeRow({ route, count, p50, p95, p99, failed, refused }: RouteTimes): string[] {
  return [route, String(count), ...[p50, p95, p99].map((ms) => ms.toFixed(1)), String(failed), String(refused)];
}

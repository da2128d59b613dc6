import { percentile } from '../bench/statistics.ts';

export interface RouteTimes {
  route: string;
  count: number;
  p50: number;
  p95: number;
  p99: number;
  /** Answered by 500 or more, or not at all. */
  failed: number;
  /** Answered by another status below 500 than the one that was to be. */
  refused: number;
}

/** Collects how long requests took, by route. */
export class RouteWatch {
  readonly #times = new Map<string, { ms: number[]; failed: number; refused: number }>();

  /** `status` 0: no answer came. */
  answered(route: string, ms: number, status: number): void {
    let times = this.#times.get(route);
    if (times === undefined) this.#times.set(route, (times = { ms: [], failed: 0, refused: 0 }));
    times.ms.push(ms);
    if (status === 0 || status >= 500) times.failed += 1;
    else if (status >= 300) times.refused += 1;
  }

  /** The slowest first, and all together; of what was answered since the last time. */
  take(): { all: RouteTimes; routes: RouteTimes[] } {
    const entries = [...this.#times];
    this.#times.clear();
    const sum = (pick: (times: { failed: number; refused: number }) => number) =>
      entries.reduce((total, [, times]) => total + pick(times), 0);
    return {
      all: timesOf('all', {
        ms: entries.flatMap(([, { ms }]) => ms),
        failed: sum(({ failed }) => failed),
        refused: sum(({ refused }) => refused),
      }),
      routes: entries.map(([route, times]) => timesOf(route, times)).toSorted((one, other) => other.p95 - one.p95),
    };
  }
}

function timesOf(
  route: string,
  { ms, failed, refused }: { ms: number[]; failed: number; refused: number },
): RouteTimes {
  return {
    route,
    count: ms.length,
    p50: percentile(ms, 0.5),
    p95: percentile(ms, 0.95),
    p99: percentile(ms, 0.99),
    failed,
    refused,
  };
}

import type { Measured } from './measure.ts';
import { printTable } from './print-table.ts';
import type { Scenario } from './scenarios.ts';
import { median } from './statistics.ts';

export type Sides = { floor: Measured[]; parley: Measured[] };
/** Of one socket that does nothing. */
type IdleBytes = { floor: number; parley: number };

/** Two tables: every scenario as measured, and the promises of the product as ratios. */
export function report(wanted: readonly Scenario[], results: Map<string, Sides>, idleBytes: IdleBytes): void {
  const rows = wanted.map((scenario) => rowOf(scenario, results.get(scenario.name)!));
  printTable(
    ['scenario', 'side', 'chunks/s', 'CPU ms / 1,000', 'first p50', 'latency p50 / p99 ms', 'peak RSS MB', 'faults'],
    rows.flat(),
  );
  console.log('');
  printTable(['what', 'floor', 'Parley', 'ratio'], promises(results, idleBytes));
}

function rowOf({ name }: Scenario, sides: Sides): string[][] {
  return (['floor', 'parley'] as const).map((side) => {
    const all = sides[side];
    const mid = (pick: (one: Measured) => number) => median(all.map(pick));
    return [
      side === 'floor' ? name : '',
      side,
      mid((one) => one.tokens / one.seconds).toFixed(0),
      mid((one) => one.cpuMsPer1000).toFixed(2),
      mid((one) => one.firstToken.p50).toFixed(1),
      `${mid((one) => one.latency.p50).toFixed(1)} / ${mid((one) => one.latency.p99).toFixed(1)}`,
      (mid((one) => one.peakRssBytes) / 1e6).toFixed(0),
      String(all.reduce((sum, one) => sum + one.faults.length, 0)),
    ];
  });
}

function promises(results: Map<string, Sides>, idleBytes: IdleBytes): string[][] {
  const rows: string[][] = [];
  const compare = (what: string, scenario: string, pick: (one: Measured) => number, how: 'ratio' | 'added') => {
    const sides = results.get(scenario);
    if (sides === undefined) return;
    const floor = median(sides.floor.map(pick));
    const parley = median(sides.parley.map(pick));
    // Round by round: both sides of a pair saw the same machine.
    const pairs = sides.parley.map((one, at) => {
      const other = pick(sides.floor[at]!);
      return how === 'ratio' ? pick(one) / other : pick(one) - other;
    });
    rows.push([
      what,
      floor.toFixed(2),
      parley.toFixed(2),
      how === 'ratio' ? `${median(pairs).toFixed(2)} ×` : `+${median(pairs).toFixed(1)} ms`,
    ]);
  };
  const rate = (one: Measured) => one.tokens / one.seconds;
  const requests = (one: Measured) => one.streams / one.seconds;
  compare('CPU per 1,000 chunks, 200 streams', '200 streams at 30/s, /v1', (one) => one.cpuMsPer1000, 'ratio');
  compare('throughput kept at 1,000 streams', '1000 streams at 30/s, /v1', rate, 'ratio');
  compare('as fast as possible, chunks/s', 'as fast as possible, /v1', rate, 'ratio');
  compare('short replies, requests/s', 'short replies, /v1', requests, 'ratio');
  compare('time to first token p50, 50 streams', '50 streams at 30/s, /v1', (one) => one.firstToken.p50, 'added');
  compare('time to first token p50, 200 streams', '200 streams at 30/s, /v1', (one) => one.firstToken.p50, 'added');
  compare('latency per chunk p50, 200 streams', '200 streams at 30/s, /v1', (one) => one.latency.p50, 'added');
  compare('latency per chunk p99, 200 streams', '200 streams at 30/s, /v1', (one) => one.latency.p99, 'added');
  compare('socket delta, CPU against a bare emit', '200 streams at 30/s, sockets', (one) => one.cpuMsPer1000, 'ratio');
  compare(
    'peak RSS of core at 1,000 streams, MB',
    '1000 streams at 30/s, /v1',
    (one) => one.peakRssBytes / 1e6,
    'ratio',
  );
  const { floor, parley } = idleBytes;
  rows.push([
    'held per idle socket (heap and buffers), KB',
    (floor / 1000).toFixed(0),
    (parley / 1000).toFixed(0),
    `${(parley / floor).toFixed(2)} ×`,
  ]);
  return rows;
}

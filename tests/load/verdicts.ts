import type { RouteTimes } from './route-times.ts';

/** What one run of the load has shown. */
export interface LoadFigures {
  /** What went on while it was measured; `processors` is what Parley used. */
  machine: {
    loadAverage: readonly [before: number, after: number];
    requestsPerSecond: number;
    deltasPerSecond: number;
    processors: number;
  };
  all: RouteTimes;
  routes: RouteTimes[];
  /** Milliseconds of the first answers of an instance that has just started, in order. */
  freshEstimates: number[];
  streams: { ended: number; faults: string[]; firstToken: { p50: number; p95: number }; deltas: number };
  sockets: { connected: number; lost: number };
  /** Share of questions that a cache could answer, by namespace and as `all`. */
  hitRates: ReadonlyMap<string, number>;
  /** CPU ms per 1,000 deltas: of streams alone on either side, and of everything that Parley did under the load. */
  cpu: { floor: number; parley: number; underLoad: number };
  idleSocketBytes: { floor: number; parley: number };
}

/** A line of the table; `verdict` is empty where nothing is demanded. */
export interface LoadRow {
  what: string;
  demanded: string;
  floor: string;
  parley: string;
  verdict: 'met' | 'missed' | '';
}

const ESTIMATE = 'POST /api/estimate';

export function loadRows(figures: LoadFigures): LoadRow[] {
  const { all, streams, sockets, hitRates, cpu, idleSocketBytes, freshEstimates } = figures;
  const estimate = figures.routes.find(({ route }) => route === ESTIMATE);
  const stable = (1 - sockets.lost / sockets.connected) * 100;
  const hits = (hitRates.get('all') ?? Number.NaN) * 100;
  const byNamespace = [...hitRates]
    .filter(([namespace]) => namespace !== 'all')
    .map(([namespace, rate]) => `${namespace} ${(rate * 100).toFixed(0)} %`);
  return [
    row('P95 of API requests', '< 200 ms', ms(all.p95), all.p95 < 200),
    row('failed API requests (5xx, none)', '0', `${all.failed} of ${all.count}`, all.failed === 0 && all.count > 0),
    row('P95 of an estimate, 40 messages', '< 50 ms', ms(estimate?.p95), (estimate?.p95 ?? Number.NaN) < 50),
    row('first estimate after a start', '< 50 ms', ms(freshEstimates[0]), (freshEstimates[0] ?? Number.NaN) < 50),
    row('sockets stable', '≥ 99 %', `${stable.toFixed(1)} % of ${sockets.connected}`, stable >= 99),
    row('cache hit rate', '> 80 %', `${hits.toFixed(0)} % (${byNamespace.join(', ')})`, hits > 80),
    row('streams with a fault', '0', `${streams.faults.length} of ${streams.ended}`, streams.faults.length === 0),
    row('time to first token p50 / p95', '', `${ms(streams.firstToken.p50)} / ${ms(streams.firstToken.p95)}`),
    { ...row('CPU ms per 1,000 deltas, streams alone', '', cpu.parley.toFixed(1)), floor: cpu.floor.toFixed(1) },
    row('CPU ms per 1,000 deltas, all under load', '', cpu.underLoad.toFixed(1)),
    {
      ...row('MB held per 1,000 idle sockets (heap and buffers)', '', mb(idleSocketBytes.parley)),
      floor: mb(idleSocketBytes.floor),
    },
  ];
}

function row(what: string, demanded: string, parley: string, isMet?: boolean): LoadRow {
  return { what, demanded, floor: '', parley, verdict: isMet === undefined ? '' : isMet ? 'met' : 'missed' };
}

function ms(value: number | undefined): string {
  return `${(value ?? Number.NaN).toFixed(0)} ms`;
}

/** Of a thousand, in MB: bytes of one, in kB. */
function mb(bytesEach: number): string {
  return (bytesEach / 1000).toFixed(0);
}

import { expect, test } from 'vitest';
import { type LoadFigures, loadRows } from './verdicts.ts';

const route = (name: string, p95: number) => ({
  route: name,
  count: 100,
  p50: 5,
  p95,
  p99: p95,
  failed: 0,
  refused: 0,
});

const good: LoadFigures = {
  machine: { loadAverage: [1, 1], requestsPerSecond: 120, deltasPerSecond: 6_000, processors: 0.7 },
  all: route('all', 150),
  routes: [route('GET /api/search', 199), route('POST /api/estimate', 40)],
  freshEstimates: [45, 12],
  streams: { ended: 300, faults: [], firstToken: { p50: 60, p95: 120 }, deltas: 360_000 },
  sockets: { connected: 1_000, lost: 10 },
  hitRates: new Map([
    ['profiles', 0.9],
    ['all', 0.81],
  ]),
  cpu: { floor: 40, parley: 60, underLoad: 75 },
  idleSocketBytes: { floor: 40_000, parley: 52_000 },
};
const missed = (figures: LoadFigures) =>
  loadRows(figures)
    .filter(({ verdict }) => verdict === 'missed')
    .map(({ what }) => what);

test('a load that keeps every promise is met in every line that demands something', () => {
  const demanding = loadRows(good).filter(({ demanded }) => demanded !== '');
  expect(demanding.map(({ verdict }) => verdict)).toEqual(demanding.map(() => 'met'));
  expect(demanding).toHaveLength(7);
});

test.each<[string, Partial<LoadFigures>]>([
  ['P95 of API requests', { all: route('all', 200) }],
  ['failed API requests (5xx, none)', { all: { ...good.all, failed: 1 } }],
  ['P95 of an estimate, 40 messages', { routes: [route('POST /api/estimate', 51)] }],
  ['first estimate after a start', { freshEstimates: [50, 10] }],
  ['sockets stable', { sockets: { connected: 1_000, lost: 11 } }],
  ['cache hit rate', { hitRates: new Map([['all', 0.8]]) }],
  ['streams with a fault', { streams: { ...good.streams, faults: ['539 of 540 tokens arrived'] } }],
])('%s is missed where it is worse than demanded', (what, worse) => {
  expect(missed({ ...good, ...worse })).toEqual([what]);
});

test('what nobody measured counts as missed', () => {
  const nothing = { ...good, routes: [], freshEstimates: [], hitRates: new Map() };
  expect(missed(nothing)).toEqual([
    'P95 of an estimate, 40 messages',
    'first estimate after a start',
    'cache hit rate',
  ]);
});

test('costs stand beside those of the floor', () => {
  const rows = loadRows(good);
  expect(rows.find(({ what }) => what.startsWith('MB'))).toMatchObject({ floor: '40', parley: '52' });
  expect(rows.find(({ what }) => what.endsWith('streams alone'))).toMatchObject({ floor: '40.0', parley: '60.0' });
});

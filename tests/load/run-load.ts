import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from '../bench/child.ts';
import { type Bench, measure } from '../bench/measure.ts';
import { usageOfTree } from '../bench/process-usage.ts';
import { hitRates } from './cache-hits.ts';
import type { CrowdOrder, CrowdWindow } from './crowd.ts';
import { loadPlan, type LoadSize } from './load-plan.ts';
import { metricsPage } from './metrics-page.ts';
import type { LoadFigures } from './verdicts.ts';
import type { VisitorsOrder, VisitsWindow } from './visitors.ts';
import type { Visitor } from './visits.ts';

export interface LoadOptions {
  size: LoadSize;
  seconds: number;
  seed: number;
  say(line: string): void;
}

const FRESH_ESTIMATES = 20;
const postgres = /^postgres/;

/** A thousand people on one instance, two hundred of them answered at a time: first nothing else, then with all they ask beside. */
export async function runLoad(
  bench: Bench,
  { size, seconds, seed, say }: LoadOptions,
): Promise<Omit<LoadFigures, 'idleSocketBytes'>> {
  const { people: count, streams, requestsPerSecond } = size;
  const { tokensPerStream, model, rampMs, floorRampMs } = loadPlan;
  const people = await bench.parley.ask<Visitor[]>({ kind: 'people', count });
  say(`${count} people have moved in`);
  const visits = await startChild<unknown>('./load-client.ts');
  const crowd = (order: CrowdOrder) => bench.load.ask<CrowdWindow>(order);
  const visit = <T = VisitsWindow>(order: VisitorsOrder) => visits.ask<T>(order);
  const { url } = bench.parley.hello;
  const stream = { model, streams, tokensPerStream };
  const floor = await measure(
    bench,
    { name: 'floor of the load', front: 'sockets', ...stream, rampMs: floorRampMs },
    'floor',
  );

  await crowd({ kind: 'crowd-gather', url, people });
  await crowd({ kind: 'crowd-stream', ...stream, rampMs, model: `upstream/${model}` });
  await delay(loadPlan.warmUpMs);
  const alone = await watched(bench, loadPlan.streamsAloneMs, crowd);
  say('streams alone are measured');

  await visit({ kind: 'visits-begin', url, people, requestsPerSecond, seed });
  await delay(loadPlan.warmUpMs);
  await visit({ kind: 'visits-mark' });
  const pageBefore = await metricsPage(bench.parley.hello);
  const loadBefore = loadavg()[0]!;
  const mixed = await watched(bench, seconds * 1000, crowd);
  const { all, routes } = await visit({ kind: 'visits-end' });
  const rates = hitRates(pageBefore, await metricsPage(bench.parley.hello));
  const machine = {
    loadAverage: [loadBefore, loadavg()[0]!] as const,
    requestsPerSecond: all.count / seconds,
    deltasPerSecond: mixed.deltas / seconds,
    processors: mixed.cpuMs / (seconds * 1000),
  };
  say('everything together is measured');
  const last = await crowd({ kind: 'crowd-end' });
  const freshEstimates = await estimateAfterStart(bench, people, visit);
  return {
    machine,
    all,
    routes,
    freshEstimates,
    streams: {
      ended: mixed.streams + last.streams,
      faults: [...alone.faults, ...mixed.faults, ...last.faults],
      firstToken: mixed.firstToken,
      deltas: mixed.deltas,
    },
    sockets: last.sockets,
    hitRates: rates,
    cpu: { floor: floor.cpuMsPer1000, parley: per1000(alone), underLoad: per1000(mixed) },
  };
}

type Watched = CrowdWindow & { cpuMs: number };

async function watched(bench: Bench, ms: number, crowd: (order: CrowdOrder) => Promise<CrowdWindow>): Promise<Watched> {
  await crowd({ kind: 'crowd-mark' });
  const before = usageOfTree(bench.parley.pid, postgres).cpuMs;
  await delay(ms);
  const cpuMs = usageOfTree(bench.parley.pid, postgres).cpuMs - before;
  return { ...(await crowd({ kind: 'crowd-mark' })), cpuMs };
}

function per1000({ cpuMs, deltas }: Watched): number {
  return (cpuMs / deltas) * 1000;
}

/** Of conversations that the new instance has never seen. */
async function estimateAfterStart(
  bench: Bench,
  people: readonly Visitor[],
  visit: <T>(order: VisitorsOrder) => Promise<T>,
): Promise<number[]> {
  const fresh = await startChild<{ url: string }>('../load/fresh-start.ts', [bench.parley.hello.databaseUrl]);
  return visit<number[]>({
    kind: 'ask-in-turn',
    url: fresh.hello.url,
    asks: people.slice(0, FRESH_ESTIMATES).map(({ cookie, chatId }) => ({
      cookie,
      atMs: 0,
      route: 'POST /api/estimate',
      path: '/api/estimate',
      body: { conversationId: chatId, text: 'Tell me something.' },
    })),
  });
}

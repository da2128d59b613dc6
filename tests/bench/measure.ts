import type { Child } from './child.ts';
import type { Order } from './load-client.ts';
import type { ParleyHello } from './parley-process.ts';
import { usageOf, usageOfTree } from './process-usage.ts';
import type { Scenario } from './scenarios.ts';
import type { LoadResult } from './sse-load.ts';

export interface Measured extends LoadResult {
  /** Of the relay and all below it, PostgreSQL left out. */
  cpuMsPer1000: number;
  /** Of the relay's own process, at its highest. */
  peakRssBytes: number;
}
export interface Bench {
  load: Child<unknown>;
  floor: Child<{ port: number }>;
  floorSocket: Child<{ port: number }>;
  parley: Child<ParleyHello>;
}

const postgres = /^postgres/;

export async function measure(bench: Bench, scenario: Scenario, side: 'floor' | 'parley'): Promise<Measured> {
  const { front } = scenario;
  const relay = side === 'parley' ? bench.parley : front === 'sse' ? bench.floor : bench.floorSocket;
  let peakRssBytes = 0;
  const watch = setInterval(() => {
    peakRssBytes = Math.max(peakRssBytes, usageOf(relay.pid)?.rssBytes ?? 0);
  }, 100);
  try {
    const before = usageOfTree(relay.pid, postgres).cpuMs;
    const result = await bench.load.ask<LoadResult>(orderOf(bench, scenario, side));
    const cpuMs = usageOfTree(relay.pid, postgres).cpuMs - before;
    return { ...result, cpuMsPer1000: (cpuMs / result.tokens) * 1000, peakRssBytes };
  } finally {
    // Left behind by a run that was cut, it would keep this process alive.
    clearInterval(watch);
  }
}

function orderOf(bench: Bench, scenario: Scenario, side: 'floor' | 'parley'): Order {
  const { streams, tokensPerStream, rampMs, total, model } = scenario;
  const common = { streams, tokensPerStream, rampMs };
  const { hello } = bench.parley;
  if (scenario.front === 'sse') {
    return side === 'floor'
      ? { kind: 'sse', ...common, total, model, port: bench.floor.hello.port, keys: ['none'] }
      : { kind: 'sse', ...common, total, model: `upstream/${model}`, port: hello.port, keys: hello.keys };
  }
  return side === 'floor'
    ? { kind: 'floor-sockets', ...common, model, port: bench.floorSocket.hello.port }
    : { kind: 'sockets', ...common, model: `upstream/${model}`, url: hello.url, people: hello.people };
}

import { parseArgs } from 'node:util';
import { engineFlags } from '../../scripts/lib/core-process.ts';
import { startChild, stopChildren } from './child.ts';
import { loadPlan } from '../load/load-plan.ts';
import { runLoad } from '../load/run-load.ts';
import { reportLoad } from '../load/report-load.ts';
import { idleSocketBytes } from './idle-socket-bytes.ts';
import { measure, type Bench } from './measure.ts';
import type { ParleyHello } from './parley-process.ts';
import { report, type Sides } from './report.ts';
import { modelNames, type Scenario, scenarios, warmUps } from './scenarios.ts';

/**
 * `npm run bench -- [--rounds 3] [--only text]`: floor and Parley in turn, so that a busy machine is busy for both, and then the load,
 * which is also there alone: `npm run load -- [--seconds 60] [--people 1000] [--streams 200] [--rate 120] [--seed 1]`.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '60' },
    people: { type: 'string', default: String(loadPlan.people) },
    streams: { type: 'string', default: String(loadPlan.streams) },
    rate: { type: 'string', default: String(loadPlan.requestsPerSecond) },
    seed: { type: 'string', default: '1' },
  },
});
const rounds = Number(values.rounds);
const say = (line: string) => console.error(line);

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interrupted = true;
    process.exitCode = 1;
    // What waits for one of them fails then, and that ends the run below.
    void stopChildren();
  });
}
try {
  await run();
} catch (error) {
  if (!interrupted) throw error;
} finally {
  await stopChildren();
}

async function run(): Promise<void> {
  const upstream = await startChild<{ port: number }>('./fake-upstream.ts');
  const port = String(upstream.hello.port);
  const bench: Bench = {
    load: await startChild('./load-client.ts'),
    floor: await startChild('./floor-relay.ts', [port]),
    floorSocket: await startChild('./floor-socket.ts', [port]),
    parley: await startChild<ParleyHello>('./parley-process.ts', [port, modelNames.join(',')], engineFlags),
  };

  const cookies = bench.parley.hello.people.map(({ cookie }) => cookie);
  const idle = {
    floor: await idleSocketBytes(bench, 'floor', 1_000, cookies),
    parley: await idleSocketBytes(bench, 'parley', 1_000, cookies),
  };
  const wanted = scenarios.filter((scenario) => scenario.name.includes(values.only));
  if (wanted.length > 0) report(wanted, await runScenarios(bench, wanted), idle);
  if ('load'.includes(values.only)) {
    const size = {
      people: Number(values.people),
      streams: Number(values.streams),
      requestsPerSecond: Number(values.rate),
    };
    const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
    const figures = await runLoad(bench, { size, seconds, seed, say });
    reportLoad(size, { ...figures, idleSocketBytes: idle });
  }
}

async function runScenarios(bench: Bench, wanted: readonly Scenario[]): Promise<Map<string, Sides>> {
  // A process that has just started compiles as it goes; what is measured is one that has been running.
  for (const scenario of warmUps) for (const side of ['floor', 'parley'] as const) await measure(bench, scenario, side);

  const results = new Map<string, Sides>();
  for (const scenario of wanted) {
    const sides: Sides = { floor: [], parley: [] };
    results.set(scenario.name, sides);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['floor', 'parley'] as const) {
        const measured = await measure(bench, scenario, side);
        sides[side].push(measured);
        if (measured.faults.length > 0) say(`${scenario.name}, ${side}: ${measured.faults.join('; ')}`);
      }
    }
    say(`measured: ${scenario.name}`);
  }
  return results;
}

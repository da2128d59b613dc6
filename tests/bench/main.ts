import { parseArgs } from 'node:util';
import { engineFlags } from '../../scripts/lib/core-process.ts';
import { startChild, stopChildren } from './child.ts';
import { measure, type Bench, type Measured } from './measure.ts';
import type { ParleyHello } from './parley-process.ts';
import { usageOf } from './process-usage.ts';
import { report } from './report.ts';
import { modelNames, scenarios, warmUps } from './scenarios.ts';

/** `npm run bench -- [--rounds 3] [--only text]`: floor and Parley in turn, so that a busy machine is busy for both. */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, only: { type: 'string', default: '' } },
});
const rounds = Number(values.rounds);

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

  // A process that has just started compiles as it goes; what is measured is one that has been running.
  const idle = await idleSocketBytes(bench, 1_000);
  for (const scenario of warmUps) for (const side of ['floor', 'parley'] as const) await measure(bench, scenario, side);

  const results = new Map<string, { floor: Measured[]; parley: Measured[] }>();
  const wanted = scenarios.filter((scenario) => scenario.name.includes(values.only));
  for (const scenario of wanted) {
    const sides = { floor: [] as Measured[], parley: [] as Measured[] };
    results.set(scenario.name, sides);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['floor', 'parley'] as const) {
        const measured = await measure(bench, scenario, side);
        sides[side].push(measured);
        if (measured.faults.length > 0) console.error(`${scenario.name}, ${side}: ${measured.faults.join('; ')}`);
      }
    }
    console.error(`measured: ${scenario.name}`);
  }

  report(wanted, results, idle);
}

/** What one more socket that does nothing costs the core, after a first batch has warmed everything up. */
async function idleSocketBytes({ load, parley }: Bench, count: number): Promise<number> {
  const { url, people } = parley.hello;
  const order = (sockets: number) => ({ kind: 'idle', url, count: sockets, cookies: people.map((one) => one.cookie) });
  await load.ask(order(100));
  const before = usageOf(parley.pid)?.rssBytes ?? 0;
  await load.ask(order(100 + count));
  const after = usageOf(parley.pid)?.rssBytes ?? 0;
  await load.ask(order(0));
  return (after - before) / count;
}

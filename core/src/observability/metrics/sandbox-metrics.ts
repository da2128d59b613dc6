import { Counter, Gauge, type Registry } from 'prom-client';
import { Sources } from './sources.ts';

/** What the sandbox tells of itself; counts are since the instance started. */
export interface SandboxStatistics {
  workers: readonly { group: string; rssBytes: number }[];
  plugins: readonly { plugin: string; state: 'healthy' | 'resting' | 'disabled'; cpuMs: number }[];
  /** Workers that ended by themselves or were killed, by why. */
  exits: readonly { group: string; reason: string; count: number }[];
  /** By plugin, kind of hook and how they ended: `ok`, or the code of the failure. */
  calls: readonly { plugin: string; kind: string; outcome: string; count: number }[];
}

export interface SandboxMetrics {
  watch(read: () => SandboxStatistics): () => void;
}

const states = ['healthy', 'resting', 'disabled'] as const;

export function sandboxMetrics(registry: Registry): SandboxMetrics {
  const registers = [registry];
  const sandboxes = new Sources<SandboxStatistics>();
  const each = <K extends keyof SandboxStatistics>(key: K) =>
    sandboxes.read().flatMap((one): SandboxStatistics[K][number][] => [...one[key]]);
  const workers = (name: string, help: string, read: (worker: { rssBytes: number }) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['group'],
      registers,
      collect() {
        this.reset();
        for (const worker of each('workers')) this.inc({ group: worker.group }, read(worker));
      },
    });

  workers('parley_sandbox_workers', 'Worker processes that serve plugins, by trust group.', () => 1);
  workers('parley_sandbox_worker_rss_bytes', 'Memory of the worker processes.', ({ rssBytes }) => rssBytes);
  new Counter({
    name: 'parley_sandbox_worker_exits_total',
    help: 'Workers that ended though nobody had stopped them; each is started again.',
    labelNames: ['group', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { group, reason, count } of each('exits')) this.inc({ group, reason }, count);
    },
  });
  new Counter({
    name: 'parley_sandbox_calls_total',
    help: 'Calls of plugins by hook and outcome: ok, or the code of the failure.',
    labelNames: ['plugin', 'kind', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { plugin, kind, outcome, count } of each('calls')) this.inc({ plugin, kind, outcome }, count);
    },
  });
  new Gauge({
    name: 'parley_sandbox_plugin_state',
    help: '1 for the state a plugin is in: healthy, resting (its breaker is open) or disabled.',
    labelNames: ['plugin', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { plugin, state } of each('plugins')) {
        for (const one of states) this.set({ plugin, state: one }, one === state ? 1 : 0);
      }
    },
  });
  new Counter({
    name: 'parley_sandbox_plugin_cpu_seconds_total',
    help: 'Processor time of a plugin inside its worker.',
    labelNames: ['plugin'],
    registers,
    collect() {
      this.reset();
      for (const { plugin, cpuMs } of each('plugins')) this.inc({ plugin }, cpuMs / 1000);
    },
  });
  return { watch: sandboxes.watch };
}

import type { OpenCall } from './open-call.ts';
import type { PluginRecord } from './plugin-record.ts';
import type { TrustGroup } from './sandbox-host.ts';
import type { KillReason, WorkerExit, WorkerProcess } from './worker-process.ts';

/** How long a worker may be silent beyond the longest stay that its plugins are allowed. */
const graceMs = 500;
/** A plugin's first run may take this long, see worker/isolate.ts. */
const loadMs = 2_000;
/** One entry of a shared context serves many streams, see worker/worker-state.ts. */
const sharedSliceFactor = 4;

export type LoadAnswer = { exports: string } | { detail: string } | { died: string; isCulprit: boolean };

/** A place for a worker of one trust group: the process in it changes, the plugins that belong to it stay. */
export class WorkerSeat {
  readonly group: TrustGroup;
  readonly records: Map<number, PluginRecord> = new Map();
  readonly calls: Set<OpenCall> = new Set();
  process: WorkerProcess | undefined;
  /** Answers to `load`, by slot. */
  readonly loading: Map<number, (answer: LoadAnswer) => void> = new Map();
  /** The process on its way to this seat, or in it. */
  starting: Promise<WorkerProcess> | undefined;
  #ping: { at: number; cpuMs: number | undefined } | undefined;
  #nextPing = 1;

  constructor(group: TrustGroup) {
    this.group = group;
  }

  get jitless(): boolean {
    return this.group === 'unreviewed';
  }

  /** Whatever it says is a sign of life: its loop has turned since it was asked, or it will be asked again. */
  heard(): void {
    this.#ping = undefined;
  }
  seat(process: WorkerProcess): void {
    this.process = process;
    this.#ping = undefined;
  }

  /** The wall clock and the memory scale of the core: asks for a sign of life and looks at the process from outside. */
  watch(now: number): void {
    const worker = this.process;
    if (worker === undefined || !worker.alive) return;
    worker.measure();
    const rssLimit = Math.max(0, ...[...this.records.values()].map((record) => record.limits.workerRssMb)) * 1_000_000;
    if (rssLimit > 0 && worker.rssBytes > rssLimit) return worker.kill('memory');
    if (this.#ping === undefined) {
      if (this.calls.size === 0 && this.loading.size === 0) return;
      this.#ping = { at: now, cpuMs: worker.cpuMs() };
      worker.send(['ping', this.#nextPing++]);
      return;
    }
    const patienceMs = this.#patienceMs();
    const silentMs = now - this.#ping.at;
    if (silentMs < patienceMs) return;
    // On a starved machine an honest worker is silent too, but it does not burn that much of a processor meanwhile.
    const burntMs = (worker.cpuMs() ?? Infinity) - (this.#ping.cpuMs ?? 0);
    if (burntMs > patienceMs / 2 || silentMs > patienceMs * 10) worker.kill('stuck');
  }

  /** A call ran past every clock: a worker that is silent as well will not end it. */
  overdue(now: number): void {
    if (this.#ping !== undefined && now - this.#ping.at > this.#patienceMs()) this.process?.kill('stuck');
  }

  #patienceMs(): number {
    const slices = [...this.records.values()].map(
      (record) => record.limits.sliceMs * (record.order().shared ? sharedSliceFactor : 1),
    );
    return graceMs + Math.max(this.loading.size > 0 ? loadMs : 0, ...slices);
  }

  /** The plugin that a death is laid on; undefined when nothing points to one. */
  culprit(exit: WorkerExit): PluginRecord | undefined {
    const running = exit.running === undefined ? undefined : this.records.get(exit.running);
    if (exit.killedFor === 'stuck' || exit.catastrophe) return running ?? this.#only();
    if (exit.killedFor === 'memory') return running ?? this.#only() ?? this.#largest();
    if (exit.killedFor === 'stop') return undefined;
    // Somebody else's SIGKILL says nothing about whoever happened to run.
    return exit.signal === 'SIGKILL' && exit.killedFor === undefined ? undefined : (running ?? this.#only());
  }
  #only(): PluginRecord | undefined {
    return this.records.size === 1 ? [...this.records.values()][0] : undefined;
  }
  #largest(): PluginRecord | undefined {
    return [...this.records.values()].toSorted((a, b) => b.memoryBytes - a.memoryBytes)[0];
  }
}

export function deathText(exit: WorkerExit): string {
  const reasons: Record<KillReason, string> = {
    stuck: 'killed: no sign of life',
    memory: 'killed: too much memory',
    protocol: 'killed: broke the protocol',
    stop: 'stopped',
  };
  if (exit.killedFor !== undefined) return reasons[exit.killedFor];
  if (exit.catastrophe) return 'out of memory inside the engine';
  return `ended by itself: ${exit.signal ?? exit.code ?? 'unknown'}`;
}

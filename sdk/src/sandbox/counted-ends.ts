import type { SandboxFailureCode } from './sandbox-errors.ts';
import type { HookKind, SandboxCounts, TrustGroup } from './sandbox-host.ts';
import type { WorkerExit } from './worker-process.ts';

/** How calls and workers ended since the start, by what is bounded: ids of plugins, kinds of hooks, codes. */
export class CountedEnds {
  readonly #calls: Map<string, SandboxCounts['calls'][number]> = new Map();
  readonly #exits: Map<string, SandboxCounts['exits'][number]> = new Map();

  call(plugin: string, kind: HookKind, outcome: 'ok' | SandboxFailureCode): void {
    const key = `${plugin} ${kind} ${outcome}`;
    const counted = this.#calls.get(key);
    if (counted === undefined) this.#calls.set(key, { plugin, kind, outcome, count: 1 });
    else counted.count += 1;
  }

  /** Whoever stops a worker on purpose has not lost it. */
  exit(group: TrustGroup, exit: WorkerExit): void {
    if (exit.killedFor === 'stop') return;
    const reason = exit.killedFor ?? (exit.catastrophe ? 'memory' : 'ended');
    const key = `${group} ${reason}`;
    const counted = this.#exits.get(key);
    if (counted === undefined) this.#exits.set(key, { group, reason, count: 1 });
    else counted.count += 1;
  }

  read(): SandboxCounts {
    return { calls: [...this.#calls.values()], exits: [...this.#exits.values()] };
  }
}

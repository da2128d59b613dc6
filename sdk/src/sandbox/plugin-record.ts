import type { SandboxLimits } from './limits.ts';
import type { PluginOrder } from './protocol.ts';
import { Breaker } from './breaker.ts';
import { CallStats } from './call-stats.ts';
import { holdSecrets } from './egress/held-secrets.ts';
import type { SandboxFailure } from './sandbox-errors.ts';
import type { PluginHealth, PluginKey, SandboxedPlugin } from './sandbox-host.ts';
import type { WorkerSeat } from './worker-seat.ts';

/** A loaded plugin as the core knows it, whatever happens to its worker. */
export class PluginRecord {
  readonly key: PluginKey;
  readonly slot: number;
  readonly plugin: SandboxedPlugin;
  readonly limits: SandboxLimits;
  readonly breaker = new Breaker();
  readonly stats = new CallStats();
  seat: WorkerSeat | undefined;
  /** False while its worker is being replaced. */
  loaded = false;
  failedToLoad = false;
  /** Replaced by a newer load of the same key: it ends with the last call it serves. */
  isRetired = false;
  /** Settles when it can be called (again) or turned out not to be loadable. */
  ready: Promise<void> = Promise.resolve();
  memoryBytes = 0;
  lastFailure: SandboxFailure | undefined;

  constructor(key: PluginKey, slot: number, plugin: SandboxedPlugin, limits: SandboxLimits) {
    this.key = key;
    this.slot = slot;
    this.plugin = plugin;
    this.limits = limits;
  }

  get permissions(): string[] {
    const { capabilities, network, networkPrivate } = this.plugin.grants;
    return [...capabilities, ...(network.length > 0 ? ['network'] : []), ...(networkPrivate ? ['networkPrivate'] : [])];
  }

  order(): PluginOrder {
    const { id, trust, manifest, grants } = this.plugin;
    return {
      id,
      trust,
      // Others can't ask for it: only our own code is known to keep nothing between calls.
      shared: trust === 'official' && manifest.sharedContext,
      limits: this.limits,
      network: grants.network,
      networkPrivate: grants.networkPrivate,
      capabilities: this.permissions,
      secrets: holdSecrets([]),
    };
  }

  health(now: number): PluginHealth {
    const restingUntil = this.breaker.restingUntil(now);
    return {
      plugin: this.key,
      state: this.breaker.disabled ? 'disabled' : restingUntil === undefined ? 'healthy' : 'resting',
      ...(restingUntil === undefined ? {} : { restingUntil }),
      calls: this.stats.calls,
      failures: this.stats.failures,
      p50Ms: this.stats.percentile(0.5),
      p95Ms: this.stats.percentile(0.95),
      cpuMs: this.stats.cpuMs,
      memoryBytes: this.memoryBytes,
      ...(this.lastFailure === undefined ? {} : { lastFailure: this.lastFailure }),
    };
  }
}

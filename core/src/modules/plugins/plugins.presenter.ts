import type { HookOrder, InstalledPlugin, PluginName } from '@parley/sdk/contract';
import type { PluginHealth } from '@parley/sdk/sandbox';
import type { Hook, OrderedKind } from './hook-order.ts';
import type { InstalledEntry } from './plugin-registry.ts';

/** A hook that takes longer than this for one call in twenty is called slow. */
const slowMs = 500;

export function presentPluginName({ package: { manifest } }: InstalledEntry): PluginName {
  return { id: manifest.id, name: manifest.name };
}

export function presentPlugin(
  entry: InstalledEntry,
  health: PluginHealth | undefined,
  loadError: string | null,
  now: number,
): InstalledPlugin {
  const { manifest, trust } = entry.package;
  return {
    id: manifest.id,
    version: manifest.version,
    name: manifest.name,
    description: manifest.description,
    author: manifest.author,
    trust,
    enabled: entry.enabled,
    manifest,
    settings: entry.settings as InstalledPlugin['settings'],
    refusedPermissions: entry.refusedPermissions,
    health: {
      state: healthState(entry, health, loadError),
      restingSeconds:
        health?.restingUntil === undefined ? null : Math.max(0, Math.ceil((health.restingUntil - now) / 1000)),
      calls: health?.calls ?? 0,
      failures: health?.failures ?? 0,
      p95Ms: health?.p95Ms ?? 0,
      memoryBytes: Math.round(health?.memoryBytes ?? 0),
      lastFailure: loadError ?? health?.lastFailure?.message ?? null,
    },
  };
}

function healthState(
  entry: InstalledEntry,
  health: PluginHealth | undefined,
  loadError: string | null,
): InstalledPlugin['health']['state'] {
  if (!entry.enabled) return 'off';
  if (loadError !== null || health?.state === 'disabled') return 'disabled';
  if (health?.state === 'resting') return 'resting';
  // How soon a provider's first word comes is its model's affair; only hooks can be slow.
  const onlyHooks = entry.package.manifest.contributes.providers.length === 0;
  return onlyHooks && (health?.p95Ms ?? 0) > slowMs ? 'slow' : 'healthy';
}

export function presentHookOrder(
  kind: OrderedKind,
  hooks: readonly Hook[],
  nameOf: (pluginId: string) => string,
): HookOrder {
  return {
    kind,
    hooks: hooks.map(({ ref, name, pluginId, enabled, onFailure }) => ({
      ref,
      name,
      plugin: nameOf(pluginId),
      enabled,
      onFailure,
    })),
  };
}

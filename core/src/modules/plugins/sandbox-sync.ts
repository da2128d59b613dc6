import { isDeepStrictEqual } from 'node:util';
import type { PluginKey, SandboxedPlugin, SandboxHost } from '@parley/sdk/sandbox';
import type { InstalledEntry, PluginRegistry } from './plugin-registry.ts';
import { resolveGrants } from './resolve-grants.ts';

export interface SandboxSync {
  /** Loads what is switched on, unloads what is not, loads again what changed. One run at a time. */
  run(): Promise<void>;
  /** Why a plugin could not be loaded; null when it was. */
  loadError(key: PluginKey): string | null;
}

export function createSandboxSync(deps: {
  sandbox: SandboxHost;
  registry: PluginRegistry;
  onLoadError(key: PluginKey, error: unknown): void;
}): SandboxSync {
  const loaded = new Map<PluginKey, SandboxedPlugin>();
  const errors = new Map<PluginKey, string>();
  let last: Promise<void> = Promise.resolve();

  async function syncOnce(): Promise<void> {
    const wanted = new Map(
      deps.registry
        .all()
        .filter((entry) => entry.enabled)
        .map((entry) => [entry.key, describe(entry)]),
    );
    for (const key of loaded.keys()) if (!wanted.has(key)) await unload(key);
    await Promise.all(
      [...wanted].map(async ([key, plugin]) => {
        if (isDeepStrictEqual(loaded.get(key), plugin)) return;
        await load(key, plugin);
      }),
    );
  }

  async function load(key: PluginKey, plugin: SandboxedPlugin): Promise<void> {
    try {
      await deps.sandbox.load(plugin);
      loaded.set(key, plugin);
      errors.delete(key);
    } catch (error) {
      loaded.delete(key);
      errors.set(key, error instanceof Error ? error.message : String(error));
      deps.onLoadError(key, error);
    }
  }

  async function unload(key: PluginKey): Promise<void> {
    loaded.delete(key);
    errors.delete(key);
    await deps.sandbox.unload(key);
  }

  return {
    run() {
      last = last.then(syncOnce, syncOnce);
      return last;
    },
    loadError: (key) => errors.get(key) ?? null,
  };
}

function describe({ package: pack, settings, refusedPermissions }: InstalledEntry): SandboxedPlugin {
  const { manifest, code, trust } = pack;
  return {
    id: manifest.id,
    version: manifest.version,
    trust,
    manifest,
    code,
    settings,
    grants: resolveGrants(manifest, refusedPermissions, settings),
  };
}

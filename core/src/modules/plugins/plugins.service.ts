import type { EntityManager } from '@mikro-orm/postgresql';
import type { PluginChange } from '@parley/sdk/contract';
import type { SandboxHost } from '@parley/sdk/sandbox';
import type { z } from 'zod';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import { type OrderedKind, resolveHookOrder } from './hook-order.ts';
import { HookOrder, Plugin } from './plugin.entity.ts';
import type { InstalledEntry, PluginRegistry } from './plugin-registry.ts';
import { HookOrderInvalid, PermissionNotOptional, PluginNotFound, PluginSettingsInvalid } from './plugins.errors.ts';
import { optionalPermissions } from './resolve-grants.ts';
import type { SandboxSync } from './sandbox-sync.ts';
import { checkSettings } from './settings-schema.ts';

export const pluginsTopic = 'plugins';

export interface PluginsServiceDeps {
  em(): EntityManager;
  registry: PluginRegistry;
  sandbox: SandboxHost;
  sync: SandboxSync;
  changes: ChangeFeed;
}

export class PluginsService {
  readonly #deps: PluginsServiceDeps;

  constructor(deps: PluginsServiceDeps) {
    this.#deps = deps;
  }

  get(id: string): InstalledEntry {
    const entry = this.#deps.registry.find(id);
    if (entry === undefined) throw PluginNotFound();
    return entry;
  }

  /** Switches a plugin, changes its settings or what it may do. In force here when this returns, elsewhere soon after. */
  async change(id: string, change: z.output<typeof PluginChange>): Promise<InstalledEntry> {
    const entry = this.get(id);
    const { manifest } = entry.package;
    const settings = checkSettings(manifest.settings, change.settings ?? entry.settings);
    if (!settings.ok) throw PluginSettingsInvalid(undefined, { errors: settings.problems });
    const optional = optionalPermissions(manifest);
    const required = change.refusedPermissions?.find((permission) => !optional.includes(permission));
    if (required !== undefined) throw PermissionNotOptional({ permission: required });

    await this.#deps.em().upsert(Plugin, {
      id,
      enabled: change.enabled ?? entry.enabled,
      settings: settings.settings,
      refusedPermissions: change.refusedPermissions ?? entry.refusedPermissions,
    });
    await this.refresh();
    await this.#deps.changes.announce(pluginsTopic);
    return this.get(id);
  }

  async reorder(kind: OrderedKind, refs: string[]): Promise<void> {
    const hooks = this.#deps.registry.hooks(kind);
    const unknown = refs.find((ref) => !hooks.some((hook) => hook.ref === ref));
    if (unknown !== undefined) throw HookOrderInvalid({ reason: `${unknown} is not installed` });
    if (new Set(refs).size !== refs.length) throw HookOrderInvalid({ reason: 'a hook stands in it twice' });
    const resolved = resolveHookOrder(hooks, refs);
    if (!resolved.ok) throw HookOrderInvalid({ reason: `${resolved.cycle.join(', ')} wait for each other` });
    await this.#deps.em().upsert(HookOrder, { kind, refs });
    await this.refresh();
    await this.#deps.changes.announce(pluginsTopic);
  }

  revive(id: string): InstalledEntry {
    const entry = this.get(id);
    this.#deps.sandbox.revive(entry.key);
    return entry;
  }

  /** Reads again what is installed and brings the sandbox in line with it. */
  async refresh(): Promise<void> {
    await this.#deps.registry.reload();
    await this.#deps.sync.run();
  }
}

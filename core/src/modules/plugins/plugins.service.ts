import type { EntityManager } from '@mikro-orm/postgresql';
import type { PluginChange } from '@parley/sdk/contract';
import type { SandboxHost } from '@parley/sdk/sandbox';
import type { z } from 'zod';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import { type Audit, type AuditRecord, changedFields } from '../audit/index.ts';
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
  audit: Audit;
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
  async change(id: string, change: z.output<typeof PluginChange>, by: string | null = null): Promise<InstalledEntry> {
    const entry = this.get(id);
    const { manifest } = entry.package;
    const settings = checkSettings(manifest.settings, change.settings ?? entry.settings);
    if (!settings.ok) throw PluginSettingsInvalid(undefined, { errors: settings.problems });
    const optional = optionalPermissions(manifest);
    const required = change.refusedPermissions?.find((permission) => !optional.includes(permission));
    if (required !== undefined) throw PermissionNotOptional({ permission: required });

    const { enabled = entry.enabled, refusedPermissions = entry.refusedPermissions } = change;
    const next = { enabled, refusedPermissions, settings: settings.settings };
    await this.#deps.em().transactional(async (tx) => {
      await tx.upsert(Plugin, { id, ...next });
      for (const record of changeRecords(entry, next, by)) this.#deps.audit.add(tx, record);
    });
    await this.refresh();
    await this.#deps.changes.announce(pluginsTopic);
    return this.get(id);
  }

  async reorder(kind: OrderedKind, refs: string[], by: string | null = null): Promise<void> {
    const hooks = this.#deps.registry.hooks(kind);
    const unknown = refs.find((ref) => !hooks.some((hook) => hook.ref === ref));
    if (unknown !== undefined) throw HookOrderInvalid({ reason: `${unknown} is not installed` });
    if (new Set(refs).size !== refs.length) throw HookOrderInvalid({ reason: 'a hook stands in it twice' });
    const resolved = resolveHookOrder(hooks, refs);
    if (!resolved.ok) throw HookOrderInvalid({ reason: `${resolved.cycle.join(', ')} wait for each other` });
    await this.#deps.em().transactional(async (tx) => {
      await tx.upsert(HookOrder, { kind, refs });
      const target = { targetType: 'hooks', targetId: kind };
      this.#deps.audit.add(tx, { actorId: by, action: 'hooks.reordered', ...target, data: { refs } });
    });
    await this.refresh();
    await this.#deps.changes.announce(pluginsTopic);
  }

  async revive(id: string, by: string): Promise<InstalledEntry> {
    const entry = this.get(id);
    const em = this.#deps.em();
    this.#deps.audit.add(em, recordOf(entry, 'plugin.revived', by));
    await em.flush();
    this.#deps.sandbox.revive(entry.key);
    return entry;
  }

  /** Reads again what is installed and brings the sandbox in line with it. */
  async refresh(): Promise<void> {
    await this.#deps.registry.reload();
    await this.#deps.sync.run();
  }
}

type Decision = Pick<InstalledEntry, 'enabled' | 'settings' | 'refusedPermissions'>;

/** One for each kind of change, so that a list can be narrowed to it. Settings may hold secrets: their names must do. */
function changeRecords(entry: InstalledEntry, next: Decision, by: string | null): AuditRecord[] {
  const fields = changedFields(entry.settings, next.settings);
  const [before, after] = [entry.refusedPermissions, next.refusedPermissions];
  const refused = after.filter((permission) => !before.includes(permission));
  const allowed = before.filter((permission) => !after.includes(permission));
  return [
    ...(next.enabled === entry.enabled
      ? []
      : [recordOf(entry, next.enabled ? 'plugin.enabled' : 'plugin.disabled', by)]),
    ...(fields.length === 0 ? [] : [recordOf(entry, 'plugin.settings-changed', by, { fields })]),
    ...(refused.length + allowed.length === 0
      ? []
      : [recordOf(entry, 'plugin.permissions-changed', by, { refused, allowed })]),
  ];
}

function recordOf(
  { package: { manifest } }: InstalledEntry,
  action: string,
  by: string | null,
  data: Record<string, unknown> = {},
): AuditRecord {
  const { id, name, version } = manifest;
  return { actorId: by, action, targetType: 'plugin', targetId: id, data: { name, version, ...data } };
}

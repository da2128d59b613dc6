import type { PluginKey } from '@parley/sdk/sandbox';
import type { EntityManager } from '@mikro-orm/postgresql';
import { oneAtATime } from '../../lib/one-at-a-time.ts';
import { type Hook, hooksOf, type OrderedKind, orderedKinds, resolveHookOrder } from './hook-order.ts';
import { HookOrder, Plugin } from './plugin.entity.ts';
import type { PluginPackage } from './plugin-package.ts';
import { checkSettings } from './settings-schema.ts';

/** An installed plugin as it stands now. */
export interface InstalledEntry {
  package: PluginPackage;
  key: PluginKey;
  enabled: boolean;
  settings: Record<string, unknown>;
  refusedPermissions: string[];
}

/** What is installed and in which order hooks run; read from memory on every turn, read again when something changed. */
export interface PluginRegistry {
  all(): readonly InstalledEntry[];
  find(id: string): InstalledEntry | undefined;
  /** Every hook of a kind in its resolved order, switched-off ones included. */
  hooks(kind: OrderedKind): readonly Hook[];
  /** The ones that run. */
  activeHooks(kind: OrderedKind): readonly Hook[];
  reload(): Promise<void>;
}

export function createPluginRegistry(deps: {
  packages: readonly PluginPackage[];
  em(): EntityManager;
}): PluginRegistry {
  let entries: InstalledEntry[] = [];
  let orders = new Map<OrderedKind, { all: Hook[]; active: Hook[] }>();

  // Two looks side by side may end in the other order, and the older one would stand.
  const reload = oneAtATime(async () => {
    const em = deps.em();
    const rows = new Map((await em.find(Plugin, {})).map((row) => [row.id, row]));
    const preferred = new Map((await em.find(HookOrder, {})).map((row) => [row.kind, row.refs]));
    entries = deps.packages.map((pack) => installedEntry(pack, rows.get(pack.manifest.id)));
    orders = new Map(orderedKinds.map((kind) => [kind, orderOf(entries, kind, preferred.get(kind))]));
  });

  return {
    all: () => entries,
    find: (id) => entries.find((entry) => entry.package.manifest.id === id),
    hooks: (kind) => orders.get(kind)?.all ?? [],
    activeHooks: (kind) => orders.get(kind)?.active ?? [],
    reload,
  };
}

function installedEntry(pack: PluginPackage, row: Plugin | undefined): InstalledEntry {
  const { manifest } = pack;
  const saved = checkSettings(manifest.settings, row?.settings ?? {});
  // A newer version may ask for more than was saved: then its defaults stand until an admin answers.
  const defaults = checkSettings(manifest.settings, {});
  return {
    package: pack,
    key: `${manifest.id}@${manifest.version}`,
    enabled: row?.enabled ?? true,
    settings: saved.ok ? saved.settings : defaults.ok ? defaults.settings : {},
    refusedPermissions: row?.refusedPermissions ?? [],
  };
}

function orderOf(entries: readonly InstalledEntry[], kind: OrderedKind, preferred: string[] | undefined) {
  const hooks = entries.flatMap((entry) => hooksOf(entry.package.manifest, kind, entry.enabled));
  const resolved = resolveHookOrder(hooks, preferred);
  // A circle among installed plugins must not stop replies: their wishes are dropped, the admin's order stays.
  const all = resolved.ok
    ? resolved.hooks
    : forced(
        hooks.map((hook) => ({ ...hook, before: [], after: [] })),
        preferred,
      );
  return { all, active: all.filter((hook) => hook.enabled) };
}

function forced(hooks: Hook[], preferred: string[] | undefined): Hook[] {
  const resolved = resolveHookOrder(hooks, preferred);
  return resolved.ok ? resolved.hooks : [];
}

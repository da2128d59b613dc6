import type { FailureMode, PluginManifest } from '@parley/sdk/contract';
import type { PluginKey } from '@parley/sdk/sandbox';

export type OrderedKind = 'promptTransforms' | 'moderators' | 'streamFilters';
export const orderedKinds: readonly OrderedKind[] = ['promptTransforms', 'moderators', 'streamFilters'];

/** One contribution that takes its turn among others. */
export interface Hook {
  /** `publisher.name/local-id`. */
  ref: string;
  name: string;
  plugin: PluginKey;
  pluginId: string;
  contribution: string;
  onFailure: FailureMode;
  /** Of a moderator: what it looks at. */
  on: readonly ('input' | 'output')[];
  enabled: boolean;
  priority: number;
  before: readonly string[];
  after: readonly string[];
}

export function hooksOf(manifest: PluginManifest, kind: OrderedKind, enabled: boolean): Hook[] {
  return manifest.contributes[kind].map((entry) => ({
    ref: `${manifest.id}/${entry.id}`,
    name: entry.name,
    plugin: `${manifest.id}@${manifest.version}`,
    pluginId: manifest.id,
    contribution: entry.id,
    onFailure: entry.onFailure,
    on: 'on' in entry ? entry.on : [],
    enabled,
    priority: entry.priority,
    before: entry.before,
    after: entry.after,
  }));
}

export type ResolvedOrder = { ok: true; hooks: Hook[] } | { ok: false; cycle: string[] };

/**
 * Sorts by `before`/`after`, then priority, then ref. `preferred`, an admin's order, outranks priority but not `before`/`after`;
 * hooks it doesn't name come after those it does.
 */
export function resolveHookOrder(hooks: readonly Hook[], preferred: readonly string[] = []): ResolvedOrder {
  const rank = new Map(preferred.map((ref, index) => [ref, index]));
  const waiting = [...hooks].toSorted(
    (a, b) =>
      (rank.get(a.ref) ?? preferred.length) - (rank.get(b.ref) ?? preferred.length) ||
      a.priority - b.priority ||
      a.ref.localeCompare(b.ref),
  );
  const mustFollow = predecessors(hooks);
  const placed = new Set<string>();
  const result: Hook[] = [];
  while (waiting.length > 0) {
    const index = waiting.findIndex((hook) => [...mustFollow.get(hook.ref)!].every((ref) => placed.has(ref)));
    if (index === -1) return { ok: false, cycle: waiting.map((hook) => hook.ref) };
    const [next] = waiting.splice(index, 1);
    placed.add(next!.ref);
    result.push(next!);
  }
  return { ok: true, hooks: result };
}

function predecessors(hooks: readonly Hook[]): Map<string, Set<string>> {
  const result = new Map(hooks.map((hook) => [hook.ref, new Set<string>()]));
  for (const hook of hooks) {
    for (const ref of hook.after) if (result.has(ref)) result.get(hook.ref)!.add(ref);
    for (const ref of hook.before) result.get(ref)?.add(hook.ref);
  }
  return result;
}

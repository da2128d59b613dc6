import type { PluginManifest } from '@parley/sdk/contract';
import type { PlainKey } from '../../../i18n/i18n.svelte.ts';

/** What a plugin adds, in words; known from its manifest before any of its code has run. */
export function additions({ contributes }: PluginManifest): PlainKey[] {
  const kinds: [readonly unknown[], PlainKey][] = [
    [contributes.providers, 'admin.adds-provider'],
    [contributes.promptTransforms, 'admin.adds-transform'],
    [contributes.moderators, 'admin.adds-moderator'],
    [contributes.streamFilters, 'admin.adds-filter'],
  ];
  return kinds.filter(([list]) => list.length > 0).map(([, key]) => key);
}

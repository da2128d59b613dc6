import type { PluginManifest } from '../contract/plugin-manifest.ts';

/** What the manifest promises and the code lacks, as a sentence; undefined when all is there. */
export function missingHook(manifest: PluginManifest, exportsJson: string): string | undefined {
  // Made inside the isolate: any JSON may be in it.
  const found = JSON.parse(exportsJson) as Record<string, Record<string, unknown> | undefined> | null;
  const { providers, promptTransforms, moderators, streamFilters } = manifest.contributes;
  const promised: [kind: string, id: string, method: string][] = [
    ...providers.map(({ id }): [string, string, string] => ['providers', id, 'chat']),
    ...providers
      .filter(({ discovers }) => discovers)
      .map(({ id }): [string, string, string] => ['providers', id, 'listModels']),
    ...promptTransforms.map(({ id }): [string, string, string] => ['promptTransforms', id, 'transform']),
    ...moderators.map(({ id }): [string, string, string] => ['moderators', id, 'check']),
    ...streamFilters.map(({ id }): [string, string, string] => ['streamFilters', id, 'start']),
  ];
  for (const [kind, id, method] of promised) {
    const methods = found?.[kind]?.[id];
    if (!Array.isArray(methods) || !methods.includes(method))
      return `the manifest declares ${kind}.${id}, but the code has no ${method} there`;
  }
  return undefined;
}

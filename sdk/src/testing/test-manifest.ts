import { PluginManifest } from '../contract/plugin-manifest.ts';

type Contributions = Partial<Record<'providers' | 'promptTransforms' | 'moderators' | 'streamFilters', string[]>>;

/** A valid manifest for a plugin that exists in a test only: contributions by id, and whatever else the test is about. */
export function testManifest(contributes: Contributions, rest: Record<string, unknown> = {}): PluginManifest {
  const named = (ids: string[] = []): { id: string; name: string }[] => ids.map((id) => ({ id, name: id }));
  return PluginManifest.parse({
    id: 'test.plugin',
    version: '1.0.0',
    api: '2026-11-01',
    name: 'Test plugin',
    description: 'Exists in a test only',
    author: 'Tests',
    license: 'MIT',
    contributes: {
      providers: named(contributes.providers),
      promptTransforms: named(contributes.promptTransforms),
      moderators: named(contributes.moderators).map((moderator) => ({ ...moderator, on: ['input', 'output'] })),
      streamFilters: named(contributes.streamFilters),
    },
    ...rest,
  });
}

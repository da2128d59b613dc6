import type { ProviderContext } from '../plugin/define-plugin.ts';

export interface FakeContextChanges extends Partial<ProviderContext> {
  /** Names of permissions the plugin has; without this it has none. */
  granted?: readonly string[];
}

/** What a hook is called with, for tests of a plugin's logic alone; a storage is refused unless the test brings one. */
export function fakeContext(changes: FakeContextChanges = {}): ProviderContext {
  const { granted = [], ...rest } = changes;
  const refuse = () => Promise.reject(new Error('This test brought no storage'));
  const ignore = () => undefined;
  return {
    settings: {},
    signal: new AbortController().signal,
    locale: 'en',
    timeZone: 'UTC',
    now: '2026-11-21T03:00:00.000Z',
    permissions: { has: (name) => granted.includes(name) },
    storage: { get: refuse, set: refuse, delete: refuse, list: refuse },
    log: { info: ignore, warn: ignore, error: ignore },
    connection: { settings: {}, secrets: {} },
    ...rest,
  };
}

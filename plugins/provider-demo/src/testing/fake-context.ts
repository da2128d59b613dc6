import type { ProviderContext } from '@parley/sdk/plugin';

/** What a hook is called with, for tests of the logic alone: a plugin without permissions, asked in English. */
export function fakeContext(changes: Partial<ProviderContext> = {}): ProviderContext {
  const refuse = () => Promise.reject(new Error('This plugin has no storage'));
  const ignore = () => undefined;
  return {
    settings: {},
    signal: new AbortController().signal,
    locale: 'en',
    timeZone: 'UTC',
    now: '2026-11-21T03:00:00.000Z',
    permissions: { has: () => false },
    storage: { get: refuse, set: refuse, delete: refuse, list: refuse },
    log: { info: ignore, warn: ignore, error: ignore },
    connection: { settings: {}, secrets: {} },
    ...changes,
  };
}

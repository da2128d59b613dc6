import type { HookContext } from '@parley/sdk/plugin';

/** What a hook is called with, for tests of the logic alone. */
export function fakeContext(changes: Partial<HookContext> = {}): HookContext {
  const refuse = () => Promise.reject(new Error('This plugin has no storage'));
  const ignore = () => undefined;

  return {
    settings: {},
    signal: new AbortController().signal,
    locale: 'en',
    timeZone: 'Europe/Berlin',
    now: '2026-11-21T03:00:00.000Z',
    permissions: { has: () => false },
    storage: { get: refuse, set: refuse, delete: refuse, list: refuse },
    log: { info: ignore, warn: ignore, error: ignore },
    ...changes,
  };
}

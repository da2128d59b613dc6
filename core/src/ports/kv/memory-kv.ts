import type { Kv } from './kv.ts';

interface Entry {
  value: string;
  expiresAtMs: number;
}

/** Kept in this process. Old entries go when there are many; the time is asked, not timed, so no timer keeps the process. */
export function createMemoryKv(options: { now?: () => number; maxEntries?: number } = {}): Kv {
  const { now = Date.now, maxEntries = 100_000 } = options;
  const entries = new Map<string, Entry>();

  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAtMs > now()) return entry;
    entries.delete(key);
    return undefined;
  };
  const put = (key: string, value: string, ttlMs: number): void => {
    if (entries.size >= maxEntries) sweep();
    entries.set(key, { value, expiresAtMs: now() + ttlMs });
  };
  const sweep = (): void => {
    for (const key of entries.keys()) live(key);
    // Still full of living ones: the oldest give way, as keys can be made up by strangers.
    for (const key of entries.keys()) {
      if (entries.size < maxEntries) break;
      entries.delete(key);
    }
  };

  return {
    get: async (key) => live(key)?.value ?? null,
    set: async (key, value, ttlMs) => put(key, value, ttlMs),
    async setIfAbsent(key, value, ttlMs) {
      if (live(key) !== undefined) return false;
      put(key, value, ttlMs);
      return true;
    },
    async increment(key, ttlMs) {
      const entry = live(key);
      if (entry === undefined) {
        put(key, '1', ttlMs);
        return 1;
      }
      const next = Number(entry.value) + 1;
      entry.value = String(next);
      return next;
    },
    delete: async (key) => void entries.delete(key),
  };
}

import type { L1CacheDriver } from 'bentocache/types';

interface Entry {
  version: string;
  text: string;
  bytes: number;
  storedAtMs: number;
  expiresAtMs: number;
}

export interface MemoryLayer {
  driver: L1CacheDriver;
  evictions(): number;
  size(): { entries: number; bytes: number; oldestMs: number | null };
  clear(): void;
}

/** Keys end in the version of their tags. */
export const VERSION_MARK = '#';

/**
 * The least recently used go first. Of each key only one version is kept: the one before can never be asked for again, and would
 * only take the room of others.
 */
export function createMemoryLayer(limits: { maxEntries: number; maxBytes: number }): MemoryLayer {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  let evictions = 0;

  function drop(key: string): boolean {
    const entry = entries.get(key);
    if (entry === undefined) return false;
    bytes -= entry.bytes;
    return entries.delete(key);
  }
  function live(name: string): Entry | undefined {
    const [key, version] = split(name);
    const entry = entries.get(key);
    if (entry === undefined || entry.version !== version) return undefined;
    if (entry.expiresAtMs > Date.now()) return entry;
    drop(key);
    return undefined;
  }
  function makeRoom(): void {
    // A map iterates in the order of insertion: the first is the one that was not used for the longest time.
    for (const key of entries.keys()) {
      if (entries.size <= limits.maxEntries && bytes <= limits.maxBytes) return;
      drop(key);
      evictions += 1;
    }
  }

  const driver: L1CacheDriver = {
    type: 'l1',
    namespace: () => driver,
    get(name) {
      const entry = live(name);
      if (entry === undefined) return undefined;
      const [key] = split(name);
      entries.delete(key);
      entries.set(key, entry);
      return entry.text;
    },
    set(name, text, ttlMs = Number.POSITIVE_INFINITY) {
      const [key, version] = split(name);
      drop(key);
      const size = Buffer.byteLength(text);
      const nowMs = Date.now();
      entries.set(key, { version, text, bytes: size, storedAtMs: nowMs, expiresAtMs: nowMs + ttlMs });
      bytes += size;
      makeRoom();
      return true;
    },
    getRemainingTtl: (name) => Math.max(0, (live(name)?.expiresAtMs ?? 0) - Date.now()),
    pull(name) {
      const text = driver.get(name);
      driver.delete(name);
      return text;
    },
    delete: (name) => drop(split(name)[0]),
    deleteMany: (names) => names.map((name) => driver.delete(name)).includes(true),
    clear,
    disconnect: () => {},
  };
  function clear(): void {
    entries.clear();
    bytes = 0;
  }

  return {
    driver,
    evictions: () => evictions,
    size() {
      let oldest = Number.POSITIVE_INFINITY;
      for (const { storedAtMs } of entries.values()) oldest = Math.min(oldest, storedAtMs);
      return { entries: entries.size, bytes, oldestMs: entries.size === 0 ? null : Date.now() - oldest };
    },
    clear,
  };
}

function split(name: string): [key: string, version: string] {
  const at = name.lastIndexOf(VERSION_MARK);
  return [name.slice(0, at), name.slice(at + 1)];
}

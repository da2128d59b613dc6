export interface TtlCache<V> {
  get(key: string): Promise<V>;
  /** Forgets everything, also what is being loaded at this moment. */
  clear(): void;
  statistics(): TtlCacheStatistics;
}

/** Counted since it was made, in the words of `ports/cache`. */
export interface TtlCacheStatistics {
  entries: number;
  maxEntries: number;
  bytes: number;
  oldestMs: number | null;
  hits: { memory: number; redis: number };
  joined: number;
  misses: number;
  stale: number;
  invalidations: number;
  evictions: number;
  errors: number;
}

interface Entry<V> {
  value: Promise<V>;
  isLoaded: boolean;
  storedAtMs: number;
}

/** Remembers what `load` said for a while. Callers that ask for the same key at once share one load; failures are not kept. */
export function createTtlCache<V>(options: {
  ttlMs: number;
  maxEntries: number;
  /** Roughly; only for those who look how much is kept. */
  entryBytes?: number;
  load(key: string): Promise<V>;
  now?: () => number;
}): TtlCache<V> {
  const { ttlMs, maxEntries, entryBytes = 0, load, now = Date.now } = options;
  const entries = new Map<string, Entry<V>>();
  const counts = { joined: 0, misses: 0, invalidations: 0, evictions: 0, errors: 0 };
  let hits = 0;

  function keep(key: string, value: Promise<V>): void {
    const entry = { value, isLoaded: false, storedAtMs: now() };
    entries.delete(key);
    entries.set(key, entry);
    value.then(
      () => (entry.isLoaded = true),
      () => {
        counts.errors += 1;
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    if (entries.size <= maxEntries) return;
    entries.delete(oldest()![0]);
    counts.evictions += 1;
  }
  /** A map iterates in the order of insertion. */
  const oldest = (): [string, Entry<V>] | undefined => entries.entries().next().value;

  return {
    get(key) {
      const known = entries.get(key);
      if (known !== undefined && known.storedAtMs + ttlMs > now()) {
        if (known.isLoaded) hits += 1;
        else counts.joined += 1;
        return known.value;
      }
      counts.misses += 1;
      const value = load(key);
      keep(key, value);
      return value;
    },
    clear() {
      counts.invalidations += 1;
      entries.clear();
    },
    statistics() {
      const [, first] = oldest() ?? [];
      return {
        entries: entries.size,
        maxEntries,
        bytes: entries.size * entryBytes,
        oldestMs: first === undefined ? null : now() - first.storedAtMs,
        hits: { memory: hits, redis: 0 },
        stale: 0,
        ...counts,
      };
    },
  };
}

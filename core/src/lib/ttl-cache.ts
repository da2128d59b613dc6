import type { CacheCounts } from './cache-counts.ts';

export interface TtlCache<V> {
  get(key: string): Promise<V>;
  /** Forgets everything, also what is being loaded at this moment. */
  clear(): void;
  statistics(): CacheCounts;
}

interface Entry<V> {
  value: Promise<V>;
  isLoaded: boolean;
  isRefreshing: boolean;
  /** When its load began: what it says is at least as new. */
  askedAtMs: number;
}

/**
 * Remembers what `load` said for a while. Callers that ask for the same key at once share one load; failures are not kept. In the
 * second half of its time a value that is asked for is loaded anew beside, so that nobody who keeps asking waits again, and nothing
 * is older than its time.
 */
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

  function ask(key: string): Entry<V> {
    const entry = { value: load(key), isLoaded: false, isRefreshing: false, askedAtMs: now() };
    entry.value.then(
      () => (entry.isLoaded = true),
      () => {
        counts.errors += 1;
        if (entries.get(key) === entry) entries.delete(key);
      },
    );
    return entry;
  }
  function keep(key: string, entry: Entry<V>): void {
    entries.delete(key);
    entries.set(key, entry);
    if (entries.size <= maxEntries) return;
    entries.delete(oldest()![0]);
    counts.evictions += 1;
  }
  function refresh(key: string, known: Entry<V>): void {
    known.isRefreshing = true;
    const next = ask(key);
    next.value.then(
      () => {
        // Unless everything was forgotten meanwhile, this load's outcome too.
        if (entries.get(key) === known) keep(key, next);
      },
      // Counted above. The known value has its time; whoever asks after it hears of the failure himself.
      () => {},
    );
  }
  /** A map iterates in the order of insertion. */
  const oldest = (): [string, Entry<V>] | undefined => entries.entries().next().value;

  return {
    get(key) {
      const known = entries.get(key);
      const ageMs = known === undefined ? ttlMs : now() - known.askedAtMs;
      if (known === undefined || ageMs >= ttlMs) {
        counts.misses += 1;
        const entry = ask(key);
        keep(key, entry);
        return entry.value;
      }
      if (known.isLoaded) hits += 1;
      else counts.joined += 1;
      if (known.isLoaded && !known.isRefreshing && ageMs >= ttlMs / 2) refresh(key, known);
      return known.value;
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
        oldestMs: first === undefined ? null : now() - first.askedAtMs,
        hits: { memory: hits, redis: 0 },
        stale: 0,
        ...counts,
      };
    },
  };
}

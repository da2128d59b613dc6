export interface TtlCache<V> {
  get(key: string): Promise<V>;
  /** Forgets everything, also what is being loaded at this moment. */
  clear(): void;
}

interface Entry<V> {
  value: Promise<V>;
  expiresAtMs: number;
}

/** Remembers what `load` said for a while. Callers that ask for the same key at once share one load; failures are not kept. */
export function createTtlCache<V>(options: {
  ttlMs: number;
  maxEntries: number;
  load(key: string): Promise<V>;
  now?: () => number;
}): TtlCache<V> {
  const { ttlMs, maxEntries, load, now = Date.now } = options;
  const entries = new Map<string, Entry<V>>();

  function keep(key: string, value: Promise<V>): void {
    const entry = { value, expiresAtMs: now() + ttlMs };
    entries.delete(key);
    entries.set(key, entry);
    value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    // A map iterates in the order of insertion: the first is the oldest.
    if (entries.size > maxEntries) entries.delete(entries.keys().next().value ?? key);
  }

  return {
    get(key) {
      const known = entries.get(key);
      if (known !== undefined && known.expiresAtMs > now()) return known.value;
      const value = load(key);
      keep(key, value);
      return value;
    },
    clear: () => entries.clear(),
  };
}

/** Remembers what is costly to find out. Never the only place of anything: every value can be loaded again. */
export interface Cache {
  /** What one module keeps; its name is unique, a word without colons, and is shown to admins. */
  namespace<V>(name: string, options: NamespaceOptions): CacheNamespace<V>;
  /** Shows admins, beside the namespaces, what a room remembers by itself. */
  show(name: string, memory: ShownMemory): void;
  statistics(): CacheStatistics[];
  /** On every instance. False when nothing has that name. */
  clear(name: string): Promise<boolean>;
  stop(): Promise<void>;
}

export interface ShownMemory {
  statistics(): Omit<CacheStatistics, 'namespace'>;
  /** On every instance. */
  clear(): Promise<unknown>;
}

export interface NamespaceOptions {
  /** How long a value counts as fresh. */
  ttlMs: number;
  /** For how much longer it is given out, once, while a fresh one is loaded beside; absent: not at all. Never after an invalidation. */
  staleMs?: number;
  /** In the memory of one instance. */
  maxEntries: number;
  maxBytes?: number;
}

/** `V` has to survive JSON; what comes back is what JSON made of it, from either layer. */
export interface CacheNamespace<V> {
  /**
   * The known value, else what `load` says. Callers that ask for the same key at once share one load and its outcome; a failure is not
   * kept. `tags` name what the value was made from: after `invalidate` of one of them it is never given out again. Without tags, the key is its own.
   */
  get(key: string, load: () => Promise<V>, tags?: readonly string[]): Promise<V>;
  /** After the change is committed. Never throws; other instances hear of it within milliseconds, or drop everything when they may have missed it. */
  invalidate(...tags: string[]): Promise<void>;
}

/** Of this instance, counted since it started. */
export interface CacheStatistics {
  namespace: string;
  entries: number;
  maxEntries: number;
  bytes: number;
  /** Age of the oldest entry in memory. */
  oldestMs: number | null;
  hits: { memory: number; redis: number };
  /** Gets that joined a load which was under way. */
  joined: number;
  misses: number;
  /** Hits, of those above, that were given out stale while a fresh value was loaded. */
  stale: number;
  /** Of tags, or of everything, here and elsewhere, as far as this instance has heard. */
  invalidations: number;
  /** Entries that had to give way to others. */
  evictions: number;
  /** What failed: commands to Redis, loads in the background, invalidations that others will hear of late. */
  errors: number;
}

/** What a memory of any kind counts, of this instance, since it was made. */
export interface CacheCounts {
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

export interface CacheStatistics extends CacheCounts {
  namespace: string;
}

import type { CacheCounts, CacheStatistics } from '../../lib/cache-counts.ts';

export type { CacheStatistics };

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
  statistics(): CacheCounts;
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

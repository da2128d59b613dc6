import { BentoCache, bentostore, errors } from 'bentocache';
import type { L2CacheDriver } from 'bentocache/types';
import type { CacheNamespace, CacheStatistics, NamespaceOptions } from './cache.ts';
import { createMemoryLayer, VERSION_MARK } from './memory-layer.ts';
import type { TagVersions } from './tag-versions.ts';

/** With Redis away, changes made on other instances are seen after at most this. */
const ALONE_TTL_MS = 5_000;
const MAX_BYTES = 32 * 1024 * 1024;

interface Deps {
  name: string;
  options: NamespaceOptions;
  versions: TagVersions;
  redisLayer(onError: (error: unknown) => void): L2CacheDriver | null;
  report(error: unknown): void;
}

export interface ManagedNamespace<V> extends CacheNamespace<V> {
  statistics(): CacheStatistics;
  /** Empties the memory; what Redis has is out of reach by its version. */
  forget(): void;
  /** Something was invalidated, here or elsewhere. */
  heard(tag: string): void;
}

/** Layers, lifetimes and staleness are bentocache's; tags and figures are ours. */
export function createCacheNamespace<V>({ name, options, versions, redisLayer, report }: Deps): ManagedNamespace<V> {
  const { ttlMs, staleMs = 0, maxEntries, maxBytes = MAX_BYTES } = options;
  const hits = { memory: 0, redis: 0 };
  const counts = { joined: 0, misses: 0, stale: 0, invalidations: 0, errors: 0 };
  const memory = createMemoryLayer({ maxEntries, maxBytes });
  const running = new Map<string, Promise<V>>();

  function failed(error: unknown): void {
    counts.errors += 1;
    report(error);
  }

  const store = bentostore().useL1Layer({ options: {}, factory: () => memory.driver });
  const shared = redisLayer(failed);
  if (shared !== null) store.useL2Layer({ options: {}, factory: () => shared });
  const bento = new BentoCache({
    default: 'only',
    stores: { only: store },
    prefix: name,
    onFactoryError: (error) => {
      if (error.isBackgroundFactory) failed(error.cause);
    },
  });
  bento.on('cache:hit', ({ layer, graced }) => {
    hits[layer === 'l2' ? 'redis' : 'memory'] += 1;
    if (graced) counts.stale += 1;
  });
  bento.on('cache:miss', () => void (counts.misses += 1));

  function lifetime() {
    if (!versions.hearsAll()) return { ttl: Math.min(ttlMs, ALONE_TTL_MS), grace: false as const };
    return { ttl: ttlMs, grace: staleMs > 0 && ttlMs + staleMs };
  }
  async function load(key: string, tags: readonly string[], version: string, factory: () => Promise<V>): Promise<V> {
    let overtaken: { value: V } | undefined;
    try {
      const value = await bento.getOrSet<V | undefined>({
        key: key + VERSION_MARK + version,
        async factory({ skip }) {
          const loaded = await factory();
          if ((await versions.of(tags)) === version) return loaded;
          overtaken = { value: loaded };
          return skip();
        },
        ...lifetime(),
      });
      return overtaken === undefined ? (value as V) : overtaken.value;
    } catch (error) {
      throw error instanceof errors.E_FACTORY_ERROR ? error.cause : error;
    }
  }
  const named = (tags: readonly string[]) => tags.map((tag) => `${name}:${tag}`);

  return {
    async get(key, factory, tags = [key]) {
      const all = [name, ...named(tags)];
      const version = await versions.of(all);
      const full = key + VERSION_MARK + version;
      const under = running.get(full);
      if (under !== undefined) {
        counts.joined += 1;
        return await under;
      }
      const task = load(key, all, version, factory).finally(() => running.delete(full));
      running.set(full, task);
      return await task;
    },
    async invalidate(...tags) {
      if (!(await versions.renew(named(tags)))) counts.errors += 1;
    },
    statistics: () => ({
      namespace: name,
      maxEntries,
      ...memory.size(),
      hits: { ...hits },
      ...counts,
      evictions: memory.evictions(),
    }),
    forget: memory.clear,
    heard(tag) {
      counts.invalidations += 1;
      if (tag === name) memory.clear();
    },
  };
}

import { Counter, Gauge, type Registry } from 'prom-client';
import type { CacheStatistics } from '../../lib/cache-counts.ts';
import { Sources } from './sources.ts';

export interface CacheMetrics {
  watch(read: () => readonly CacheStatistics[]): () => void;
}

export function cacheMetrics(registry: Registry): CacheMetrics {
  const caches = new Sources<readonly CacheStatistics[]>();
  const all = () => caches.read().flat();

  const counter = (name: string, help: string, read: (cache: CacheStatistics) => number) =>
    new Counter({
      name,
      help,
      labelNames: ['namespace'],
      registers: [registry],
      collect() {
        this.reset();
        for (const cache of all()) this.inc({ namespace: cache.namespace }, read(cache));
      },
    });
  const gauge = (name: string, help: string, read: (cache: CacheStatistics) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['namespace'],
      registers: [registry],
      collect() {
        this.reset();
        for (const cache of all()) this.inc({ namespace: cache.namespace }, read(cache));
      },
    });

  new Counter({
    name: 'parley_cache_hits_total',
    help: 'Answers from a cache, by the layer that had them.',
    labelNames: ['namespace', 'layer'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { namespace, hits } of all()) {
        this.inc({ namespace, layer: 'memory' }, hits.memory);
        this.inc({ namespace, layer: 'redis' }, hits.redis);
      }
    },
  });
  counter(
    'parley_cache_joined_total',
    'Questions that shared the answer of one that was under way.',
    ({ joined }) => joined,
  );
  counter('parley_cache_misses_total', 'Questions that no layer could answer.', ({ misses }) => misses);
  counter(
    'parley_cache_stale_total',
    'Answers past their time, given while a fresh one was made.',
    ({ stale }) => stale,
  );
  counter('parley_cache_evictions_total', 'Entries that gave way to others in memory.', ({ evictions }) => evictions);
  counter(
    'parley_cache_invalidations_total',
    'Times something that values were made from has changed.',
    ({ invalidations }) => invalidations,
  );
  gauge('parley_cache_entries', 'Entries in memory.', ({ entries }) => entries);
  gauge('parley_cache_bytes', 'Approximate size of the entries in memory.', ({ bytes }) => bytes);
  return { watch: caches.watch };
}

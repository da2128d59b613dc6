export type { Cache, CacheNamespace, CacheStatistics, NamespaceOptions, ShownMemory } from './cache.ts';
export { openCache } from './open-cache.ts';

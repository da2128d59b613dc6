export type { Cache, CacheNamespace, CacheStatistics, NamespaceOptions } from './cache.ts';
export { openCache } from './open-cache.ts';

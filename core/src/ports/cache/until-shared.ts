import { eventually } from '../../testing/eventually.ts';
import type { Cache, CacheNamespace } from './index.ts';

/** For tests: a cache starts alone and goes over to Redis as soon as it hears its news. Until then every invalidation counts as an error. */
export async function untilShared<V>(cache: Cache, namespace: CacheNamespace<V>): Promise<void> {
  const errors = () => cache.statistics().reduce((sum, one) => sum + one.errors, 0);
  await eventually(async () => {
    const before = errors();
    await namespace.invalidate('probe');
    return errors() - before;
  }).toBe(0);
}

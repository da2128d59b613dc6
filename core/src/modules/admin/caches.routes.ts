import type { CacheFigures } from '@parley/sdk/contract';
import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import type { Cache, CacheStatistics } from '../../ports/cache/index.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Audit } from '../audit/index.ts';
import { CacheNotFound } from './admin.errors.ts';

/** What is remembered, and how well; nothing is lost by clearing, it only has to be found out again. */
export function cacheRoutes(deps: { database: Pick<Database, 'pool'>; audit: Audit; cache: Cache }): ApiRoute[] {
  const { database, audit, cache } = deps;
  const present = () => cache.statistics().map(presentCache);

  return [
    apiRoute('GET /api/admin/caches', {}, async () => present()),
    apiRoute('POST /api/admin/caches/:namespace/clear', {}, async ({ params: { namespace }, caller }) => {
      if (!cache.statistics().some((one) => one.namespace === namespace)) throw CacheNotFound();
      // First on record: a clear that nobody is told of must not be possible, one that did not happen does no harm.
      await audit.record(database.pool, {
        actorId: caller.userId,
        action: 'cache.cleared',
        targetType: 'cache',
        targetId: namespace,
      });
      await cache.clear(namespace);
      return present();
    }),
  ];
}

function presentCache({ oldestMs, ...figures }: CacheStatistics): CacheFigures {
  return { ...figures, oldestSeconds: oldestMs === null ? null : Math.round(oldestMs / 1_000) };
}

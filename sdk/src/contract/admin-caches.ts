import { z } from 'zod';
import { defineRoutes } from './routes.ts';

/** What one cache of the instance that answers has done since that instance started. */
export const CacheFigures = z.object({
  namespace: z.string(),
  /** In the memory of this instance. */
  entries: z.int(),
  maxEntries: z.int(),
  bytes: z.int(),
  /** Age of the oldest entry in memory; null: there is none. */
  oldestSeconds: z.int().nullable(),
  /** By the layer that had the answer. */
  hits: z.object({ memory: z.int(), redis: z.int() }),
  /** Questions that joined a load which was under way. */
  joined: z.int(),
  misses: z.int(),
  /** Hits, of those above, that were past their time. */
  stale: z.int(),
  invalidations: z.int(),
  evictions: z.int(),
  errors: z.int(),
});
export type CacheFigures = z.infer<typeof CacheFigures>;

const Namespace = z.string().regex(/^[a-z][a-z-]{0,39}$/, { message: 'takes lower case letters and dashes' });
export const adminCacheRoutes = defineRoutes({
  'GET /api/admin/caches': {
    summary: 'Figures of the caches of this instance',
    access: 'admin',
    response: z.array(CacheFigures),
  },
  'POST /api/admin/caches/:namespace/clear': {
    summary: 'Empty a cache on every instance',
    access: 'admin',
    params: z.object({ namespace: Namespace }),
    response: z.array(CacheFigures),
  },
});

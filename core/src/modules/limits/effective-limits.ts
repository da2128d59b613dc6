import type { LimitFields } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import { createTtlCache } from '../../lib/ttl-cache.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Cache } from '../../ports/cache/index.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import { TIERS_CHANGED, type TiersService, type UserTier } from '../accounts/index.ts';

/** What holds for one person now: his tier's limits, with his own exceptions laid over them. */
export interface EffectiveLimits extends LimitFields {
  tier: { id: string; name: string };
}

export interface EffectiveLimitsDeps {
  database: Database;
  changes: ChangeFeed;
  cache: Pick<Cache, 'show'>;
  clock: Clock;
  tiers: Pick<TiersService, 'ofUser'>;
}

/** Topic of the change feed: somebody got or lost an exception. */
export const OVERRIDES_CHANGED = 'limit-overrides';

/** Should the news of a change get lost, it counts after at most this. */
const CACHE_MS = 10_000;
const MAX_USERS = 20_000;
const ENTRY_BYTES = 1_500;

/** An exception, as far as it says what somebody may do. */
interface Exception {
  fields: Partial<LimitFields>;
  expiresAt: Date | null;
}
interface Known {
  tier: UserTier;
  overrides: Exception[];
}

/** From memory when asked within the last seconds: every turn asks. A change drops it on every instance. */
export function effectiveLimits(deps: EffectiveLimitsDeps): (userId: string) => Promise<EffectiveLimits> {
  const cache = createTtlCache<Known>({
    ttlMs: CACHE_MS,
    maxEntries: MAX_USERS,
    entryBytes: ENTRY_BYTES,
    now: () => deps.clock.now(),
    async load(userId) {
      const [tier, overrides] = await Promise.all([
        deps.tiers.ofUser(userId),
        exceptionsOf(deps.database.pool, userId),
      ]);
      return { tier, overrides };
    },
  });
  deps.changes.on(TIERS_CHANGED, () => cache.clear());
  deps.changes.on(OVERRIDES_CHANGED, () => cache.clear());
  deps.cache.show('limits', {
    statistics: cache.statistics,
    async clear() {
      cache.clear();
      await deps.changes.announce(OVERRIDES_CHANGED);
    },
  });

  return async (userId) => {
    const { tier, overrides } = await cache.get(userId);
    return mergeLimits(tier, overrides, deps.clock.now());
  };
}

/** Exceptions in the order in which they were made: where several speak of one field, the latest does. */
export function mergeLimits(tier: UserTier, overrides: readonly Exception[], nowMs: number): EffectiveLimits {
  const living = overrides.filter(({ expiresAt }) => expiresAt === null || expiresAt.getTime() > nowMs);
  const own = Object.assign({}, ...living.map(({ fields }) => fields)) as Partial<LimitFields>;
  return { tier: { id: tier.id, name: tier.name }, ...tier.limits, ...own };
}

/** In the order in which they were made. */
async function exceptionsOf(pool: Pool, userId: string): Promise<Exception[]> {
  const { rows } = await pool.query<{ fields: Partial<LimitFields>; expires_at: string | null }>({
    name: 'limit-override.of-user',
    text: 'select fields, expires_at from limit_override where user_id = $1 order by id',
    values: [userId],
  });
  return rows.map(({ fields, expires_at: expires }) => ({
    fields,
    expiresAt: expires === null ? null : new Date(expires),
  }));
}

import type { LimitFields } from '@parley/sdk/contract';
import { createTtlCache } from '../../lib/ttl-cache.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Cache } from '../../ports/cache/index.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import { presentLimits, type Tier, TIERS_CHANGED, type TiersService } from '../accounts/index.ts';
import { LimitOverride } from './limit-override.entity.ts';

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

interface Known {
  tier: Tier;
  overrides: LimitOverride[];
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
        deps.database.em().find(LimitOverride, { user: userId }, { orderBy: { id: 'asc' } }),
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
export function mergeLimits(
  tier: Tier,
  overrides: readonly Pick<LimitOverride, 'fields' | 'expiresAt'>[],
  nowMs: number,
): EffectiveLimits {
  const living = overrides.filter(({ expiresAt }) => expiresAt == null || expiresAt.getTime() > nowMs);
  const own = Object.assign({}, ...living.map(({ fields }) => fields)) as Partial<LimitFields>;
  return { tier: { id: tier.id, name: tier.name }, ...presentLimits(tier), ...own };
}

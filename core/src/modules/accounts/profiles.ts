import type { Language } from '@parley/sdk/contract';
import type { EventBus } from '../../events/event-bus.ts';
import { createTtlCache } from '../../lib/ttl-cache.ts';
import type { Database } from '../../ports/database/database.ts';
import { UserNotFound } from './accounts.errors.ts';

/** What a turn needs to know of its person. */
export interface Profile {
  nickname: string;
  language: Language;
  timeZone: string;
}

export interface Profiles {
  /** From memory when asked within the last seconds: every turn asks. */
  get(userId: string): Promise<Profile>;
}

/** A change made on another instance is seen after at most this. */
const CACHE_MS = 10_000;

export function createProfiles(deps: { database: Database; events: EventBus }): Profiles {
  const cache = createTtlCache<Profile>({
    ttlMs: CACHE_MS,
    maxEntries: 20_000,
    async load(userId) {
      const { rows } = await deps.database.pool.query<Profile>(
        'select nickname, language, time_zone as "timeZone" from users where id = $1',
        [userId],
      );
      if (rows[0] === undefined) throw UserNotFound();
      return rows[0];
    },
  });
  deps.events.on('account.profile-changed', () => cache.clear());
  return { get: (userId) => cache.get(userId) };
}

import type { Language } from '@parley/sdk/contract';
import type { EventBus } from '../../events/event-bus.ts';
import type { Cache } from '../../ports/cache/index.ts';
import type { Database } from '../../ports/database/database.ts';
import { UserNotFound } from './accounts.errors.ts';

/** What a turn needs to know of its person. */
export interface Profile {
  nickname: string;
  language: Language;
  timeZone: string;
}

export interface Profiles {
  /** Every turn asks; so it is remembered until it changes. */
  get(userId: string): Promise<Profile>;
}

/**
 * Should the news of a change get lost with the instance that made it, it is seen after at most this: a name and a time zone may be that
 * old. People come back after minutes, so a shorter time is mostly spent on finding out again.
 */
const KEPT_MS = 10 * 60_000;

export function createProfiles(deps: { database: Database; events: EventBus; cache: Cache }): Profiles {
  const known = deps.cache.namespace<Profile>('profiles', { ttlMs: KEPT_MS, maxEntries: 20_000 });
  deps.events.on('account.profile-changed', ({ userId }) => void known.invalidate(userId));

  async function load(userId: string): Promise<Profile> {
    const { rows } = await deps.database.pool.query<Profile>(
      'select nickname, language, time_zone as "timeZone" from users where id = $1',
      [userId],
    );
    if (rows[0] === undefined) throw UserNotFound();
    return rows[0];
  }
  return { get: (userId) => known.get(userId, () => load(userId)) };
}

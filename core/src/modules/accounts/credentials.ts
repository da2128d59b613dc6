import type { Authenticator } from '../../http/authenticator.ts';
import type { Caller } from '../../http/caller.ts';
import { hashToken } from '../../lib/secret-token.ts';
import { createTtlCache } from '../../lib/ttl-cache.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Cache } from '../../ports/cache/index.ts';
import type { ChangeFeed } from '../../ports/database/change-feed/change-feed.ts';
import type { Database } from '../../ports/database/database.ts';
import { AccountSuspended } from './accounts.errors.ts';
import {
  apiKeyByHash,
  endedCredentials,
  type KnownCredential,
  sessionByHash,
  touchApiKey,
  touchSession,
} from './credential-queries.ts';

export interface Credentials extends Authenticator {
  /** After a session or key ended or a role changed: forgotten here at once, elsewhere as soon as the news arrives. */
  changed(): Promise<void>;
  /** Hears of every such change, here or elsewhere. Returns the undo. */
  onChanged(listener: () => void): () => void;
  stop(): void;
}

/** News of a revocation may get lost with a connection; then this bounds how long it goes unnoticed. */
const CACHE_MS = 10_000;
const MAX_ENTRIES = 20_000;
/** A token and who it speaks for. */
const ENTRY_BYTES = 500;
/** Last use is shown to the minute, so it is written at most that often. */
const TOUCH_MS = 60_000;

const topic = 'accounts.credentials';

/** Proves sessions and API keys, from memory when they were seen within the last seconds. */
export function createCredentials(deps: {
  database: Database;
  changes: ChangeFeed;
  cache: Pick<Cache, 'show'>;
  log: Logger;
}): Credentials {
  const { pool } = deps.database;
  const sessions = createTtlCache({
    ttlMs: CACHE_MS,
    maxEntries: MAX_ENTRIES,
    entryBytes: ENTRY_BYTES,
    load: (token) => sessionByHash(pool, hashToken(token)),
  });
  const keys = createTtlCache({
    ttlMs: CACHE_MS,
    maxEntries: MAX_ENTRIES,
    entryBytes: ENTRY_BYTES,
    load: (key) => apiKeyByHash(pool, hashToken(key)),
  });
  const forget = () => {
    sessions.clear();
    keys.clear();
  };
  const listeners = new Set<() => void>([forget]);
  const stopListening = deps.changes.on(topic, () => {
    for (const listener of listeners) listener();
  });

  /** Beside the request: nobody waits for it, and a failure costs a minute of "last used". */
  function touch(credential: KnownCredential, write: () => Promise<unknown>): void {
    if (Date.now() - credential.lastUsedAtMs < TOUCH_MS) return;
    credential.lastUsedAtMs = Date.now();
    write().catch((error: unknown) => deps.log.warn({ err: error }, 'The last use of a credential was not written'));
  }

  async function changed(): Promise<void> {
    forget();
    await deps.changes.announce(topic);
  }
  deps.cache.show('sessions', { statistics: sessions.statistics, clear: changed });
  deps.cache.show('api-keys', { statistics: keys.statistics, clear: changed });

  return {
    async session(token, address) {
      if (!isPlausible(token)) return null;
      const known = await sessions.get(token);
      if (known === null || known.expiresAtMs <= Date.now()) return null;
      touch(known, () => touchSession(pool, known.id, address));
      return known.caller;
    },
    async apiKey(key) {
      if (!isPlausible(key)) return null;
      const known = await keys.get(key);
      if (known === null) return null;
      if (known.isSuspended) throw AccountSuspended();
      touch(known, () => touchApiKey(pool, known.id));
      return known.caller;
    },
    async ended(callers) {
      const gone = await endedCredentials(pool, callers);
      return callers.filter((caller: Caller) => gone.has(caller.sessionId ?? caller.apiKeyId ?? ''));
    },
    changed,
    onChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => stopListening(),
  };
}

/** What we hand out looks like this; anything else is not worth a look into the database. */
function isPlausible(token: string): boolean {
  return token.length >= 43 && token.length <= 60 && /^[\w-]+$/.test(token);
}

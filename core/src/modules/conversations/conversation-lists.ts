import type { Conversation } from '@parley/sdk/contract';
import type { Cache, CacheNamespace } from '../../ports/cache/index.ts';

export interface ConversationPage {
  items: Conversation[];
  nextCursor: string | null;
}

/** Should the news of a change get lost with the instance that made it, it is seen after at most this. */
const KEPT_MS = 60_000;

/**
 * First pages: every tab asks for them when it opens and whenever it comes back, so most of all when an instance is gone and all its tabs
 * come to another at once. Later pages are asked for once.
 */
export class ConversationLists {
  readonly #pages: CacheNamespace<ConversationPage>;

  constructor(cache: Cache) {
    this.#pages = cache.namespace('conversation-lists', { ttlMs: KEPT_MS, maxEntries: 5_000 });
  }

  first(userId: string, filter: object, load: () => Promise<ConversationPage>): Promise<ConversationPage> {
    return this.#pages.get(`${userId} ${JSON.stringify(filter)}`, load, [userId]);
  }

  /** After something that a list shows was written. Holds on this instance at once. */
  changed(userId: string): void {
    void this.#pages.invalidate(userId);
  }
}

import { ApiError } from '@parley/sdk/client';
import { SvelteMap } from 'svelte/reactivity';
import type { FollowingWire } from '../../api/wire.ts';

/** What the chats of running replies are called; each is asked for once, and followed. */
export class ChatTitles {
  readonly #titles = new SvelteMap<string, string>();
  readonly #asked = new Set<string>();
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire) {
    this.#wire = wire;
    wire.on('conversation:changed', ({ id, title }) => {
      if (this.#asked.has(id)) this.#titles.set(id, title);
    });
  }

  /** Undefined while it is not known; empty for one without a title. */
  of(conversationId: string): string | undefined {
    return this.#titles.get(conversationId);
  }

  async need(conversationId: string): Promise<void> {
    if (this.#asked.has(conversationId)) return;
    this.#asked.add(conversationId);
    try {
      const { title } = await this.#wire.http('GET /api/conversations/:id', { params: { id: conversationId } });
      this.#titles.set(conversationId, title);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // It can be stopped without its name; the next who needs it asks again.
      this.#asked.delete(conversationId);
    }
  }
}

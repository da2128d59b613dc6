import { ApiError } from '@parley/sdk/client';
import { SvelteMap } from 'svelte/reactivity';
import type { Conversation } from '@parley/sdk/contract';
import { newer } from '../../api/newer.ts';
import type { FollowingWire } from '../../api/wire.ts';

/** What the chats of running replies are called; each is asked for once, and followed. */
export class ChatTitles {
  readonly #chats = new SvelteMap<string, Pick<Conversation, 'title' | 'revision'>>();
  readonly #asked = new Set<string>();
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire) {
    this.#wire = wire;
    wire.on('conversation:changed', (conversation) => {
      if (this.#asked.has(conversation.id)) this.#hear(conversation);
    });
  }

  /** Undefined while it is not known; empty for one without a title. */
  of(conversationId: string): string | undefined {
    return this.#chats.get(conversationId)?.title;
  }

  async need(conversationId: string): Promise<void> {
    if (this.#asked.has(conversationId)) return;
    this.#asked.add(conversationId);
    try {
      this.#hear(await this.#wire.http('GET /api/conversations/:id', { params: { id: conversationId } }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // It can be stopped without its name; the next who needs it asks again.
      this.#asked.delete(conversationId);
    }
  }

  #hear({ id, title, revision }: Conversation): void {
    this.#chats.set(id, newer(this.#chats.get(id), { title, revision }));
  }
}

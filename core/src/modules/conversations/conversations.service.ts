import type { Conversation, ConversationCreate, ConversationListQuery } from '@parley/sdk/contract';
import type { z } from 'zod';
import type { EventBus } from '../../events/event-bus.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import type { Announcer } from './announce.ts';
import { presentConversation, type ConversationRow } from './conversation-rows.ts';
import type { ConversationLists, ConversationPage } from './conversation-lists.ts';
import type { ConversationPatch, ConversationStore } from './conversation-store.ts';
import { ConversationNotFound } from './conversations.errors.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';

export class ConversationsService {
  readonly #store: ConversationStore;
  readonly #announce: Announcer;
  readonly #events: EventBus;
  readonly #lists: ConversationLists;

  constructor(deps: { store: ConversationStore; announcer: Announcer; events: EventBus; lists: ConversationLists }) {
    this.#store = deps.store;
    this.#announce = deps.announcer;
    this.#events = deps.events;
    this.#lists = deps.lists;
  }

  async create(userId: string, input: z.output<typeof ConversationCreate>): Promise<Conversation> {
    const row = await this.#store.insert({
      id: uuidV7(),
      userId,
      title: input.title ?? '',
      titleSource: input.title === undefined ? 'none' : 'user',
      model: input.model,
      systemPrompt: input.systemPrompt,
      parameters: input.parameters,
    });
    this.#announce.created(row);
    return presentConversation(row);
  }

  async get(userId: string, id: string): Promise<Conversation> {
    return presentConversation(await this.#store.existing(userId, id));
  }

  list(userId: string, query: z.output<typeof ConversationListQuery>): Promise<ConversationPage> {
    if (query.cursor !== undefined) return this.#page(userId, query);
    return this.#lists.first(userId, query, () => this.#page(userId, query));
  }

  async #page(userId: string, query: z.output<typeof ConversationListQuery>): Promise<ConversationPage> {
    const after = decodeCursor(query.cursor);
    // One more than asked for tells whether there is a next page.
    const rows = await this.#store.list(userId, query, after, query.limit + 1);
    const items = rows.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(presentConversation),
      nextCursor: rows.length > items.length && last ? encodeCursor(last.last_active_at, last.id) : null,
    };
  }

  async change(userId: string, id: string, patch: ConversationPatch): Promise<Conversation> {
    const row = existing(await this.#store.change(userId, id, patch));
    this.#announce.changed(row);
    return presentConversation(row);
  }

  async delete(userId: string, id: string): Promise<void> {
    const revision = await this.#store.delete(userId, id);
    if (revision === undefined) throw ConversationNotFound();
    this.#announce.deleted(userId, { id, revision });
    this.#events.emit('conversation.deleted', { conversationId: id, userId });
  }

  async restore(userId: string, id: string): Promise<Conversation> {
    const row = existing(await this.#store.restore(userId, id));
    this.#announce.created(row);
    return presentConversation(row);
  }

  /** Does nothing when the title is not `from` any more, or a person's. */
  async retitle(userId: string, id: string, from: string, to: string): Promise<void> {
    const row = await this.#store.replaceAutoTitle(userId, id, from, to);
    if (row !== undefined) this.#announce.changed(row);
  }

  /** After one of the person's conversations was written to by somebody else than these methods. */
  touched(userId: string): void {
    this.#lists.changed(userId);
  }

  /** After something about its messages or turns has changed. A deleted one has nobody to tell. */
  async announce(userId: string, id: string): Promise<Conversation | null> {
    const row = await this.#store.find(userId, id);
    if (row === undefined) return null;
    this.#announce.changed(row);
    return presentConversation(row);
  }
}

function existing(row: ConversationRow | undefined): ConversationRow {
  if (row === undefined) throw ConversationNotFound();
  return row;
}

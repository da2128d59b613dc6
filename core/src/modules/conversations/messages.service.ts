import type { Conversation, Message, MessageListQuery, MessagePage } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';
import type { Announcer } from './announce.ts';
import { cleanTitle } from './clean-title.ts';
import { presentConversation, type ConversationRow } from './conversation-rows.ts';
import type { ConversationStore } from './conversation-store.ts';
import { ConversationNotFound, MessageNotFound, MessageStillWriting, OnOtherBranch } from './conversations.errors.ts';
import { presentMessage, type MessageRow } from './message-rows.ts';
import type { MessagePlace, MessageStore } from './message-store.ts';
import { decodeCursor, encodeCursor } from './page-cursor.ts';
import { searchHits } from './search-store.ts';
import { searchTerms } from './search-tokens.ts';

export class MessagesService {
  readonly #conversations: ConversationStore;
  readonly #messages: MessageStore;
  readonly #announce: Announcer;
  readonly #pool: Pool;

  constructor(deps: { conversations: ConversationStore; messages: MessageStore; announcer: Announcer; pool: Pool }) {
    this.#conversations = deps.conversations;
    this.#messages = deps.messages;
    this.#announce = deps.announcer;
    this.#pool = deps.pool;
  }

  async page(userId: string, conversationId: string, query: z.output<typeof MessageListQuery>): Promise<MessagePage> {
    const conversation = await this.#conversations.existing(userId, conversationId);
    const leafId = conversation.active_leaf_id;
    const total = conversation.message_count;
    if (leafId === null) return { items: [], hasBefore: false, hasAfter: false, total: 0 };
    const rows = await this.#pageRows(userId, conversation, leafId, query);
    return {
      items: rows.map(presentMessage),
      hasBefore: (rows[0]?.position ?? 1) > 1,
      hasAfter: (rows.at(-1)?.position ?? total) < total,
      total,
    };
  }

  async #pageRows(
    userId: string,
    conversation: ConversationRow,
    leafId: string,
    query: z.output<typeof MessageListQuery>,
  ): Promise<MessageRow[]> {
    const anchorId = query.before ?? query.after ?? query.around;
    if (anchorId === undefined) return this.#messages.upFrom(userId, leafId, query.limit);
    const anchor = await this.#place(userId, conversation.id, anchorId);
    if (query.before !== undefined) {
      return anchor.parent_id === null ? [] : this.#messages.upFrom(userId, anchor.parent_id, query.limit);
    }
    return query.after === undefined
      ? this.#around(userId, conversation, leafId, anchor, query.limit)
      : this.#after(userId, leafId, anchor, query.limit);
  }

  async #around(
    userId: string,
    { message_count: total }: ConversationRow,
    leafId: string,
    anchor: MessagePlace,
    limit: number,
  ): Promise<MessageRow[]> {
    const first = Math.max(1, Math.min(anchor.position - Math.floor(limit / 2), total - limit + 1));
    const rows = await this.#messages.between(userId, leafId, first, first + limit - 1);
    if (!rows.some(({ id }) => id === anchor.id)) throw OnOtherBranch();
    return rows;
  }

  async #after(userId: string, leafId: string, anchor: MessagePlace, limit: number): Promise<MessageRow[]> {
    const first = anchor.position + 1;
    const rows = await this.#messages.between(userId, leafId, first, first + limit - 1);
    const isOnPath = rows[0] === undefined ? anchor.id === leafId : rows[0].parent_id === anchor.id;
    if (!isOnPath) throw OnOtherBranch();
    return rows;
  }

  /** Shows the branch a message is on: nothing changes when it is on the screen already. */
  async showBranch(userId: string, conversationId: string, messageId: string): Promise<Conversation> {
    const conversation = await this.#conversations.existing(userId, conversationId);
    const place = await this.#place(userId, conversationId, messageId);
    const leafId = conversation.active_leaf_id;
    if (leafId !== null && (await this.#messages.isOnPath(leafId, place))) return presentConversation(conversation);
    const newest = await this.#messages.newestLeafBelow(messageId);
    const row = await this.#conversations.setActiveLeaf(userId, conversationId, newest);
    if (row === undefined) throw ConversationNotFound();
    this.#announce.changed(row);
    return presentConversation(row);
  }

  async correct(userId: string, messageId: string, text: string): Promise<Message> {
    if ((await this.#messages.find(userId, messageId)) === undefined) throw MessageNotFound();
    if (!(await this.#messages.correct(userId, messageId, text))) throw MessageStillWriting();
    return this.announce(userId, messageId);
  }

  async moderated(userId: string, messageId: string, text: string, flaggedBy: string | null): Promise<void> {
    const before = await this.#message(userId, messageId);
    await this.#maskTitle(userId, before.conversation_id, cleanTitle(before.text), cleanTitle(text));
    await this.#messages.moderated(userId, messageId, text, flaggedBy);
    await this.announce(userId, messageId);
  }

  /** The first words of a message may be the conversation's name; there they are masked as well. */
  async #maskTitle(userId: string, conversationId: string, from: string, to: string): Promise<void> {
    if (from === to) return;
    const row = await this.#conversations.replaceAutoTitle(userId, conversationId, from, to);
    if (row !== undefined) this.#announce.changed(row);
  }

  async get(userId: string, messageId: string): Promise<Message> {
    return presentMessage(await this.#message(userId, messageId));
  }

  /** Undefined when there is none, or its conversation is deleted. */
  async find(userId: string, messageId: string): Promise<Message | undefined> {
    const row = await this.#messages.find(userId, messageId);
    return row && presentMessage(row);
  }

  /** The messages among these that exist and are the caller's, in reading order. */
  async getMany(userId: string, ids: readonly string[]): Promise<Message[]> {
    return (await this.#messages.findMany(userId, ids)).map(presentMessage);
  }

  async announce(userId: string, messageId: string): Promise<Message> {
    const row = await this.#message(userId, messageId);
    this.#announce.messageChanged(userId, row);
    return presentMessage(row);
  }

  async search(userId: string, query: { q: string; conversationId?: string; cursor?: string; limit: number }) {
    const found = await searchHits(
      this.#pool,
      userId,
      searchTerms(query.q),
      query.conversationId ?? null,
      decodeCursor(query.cursor),
      query.limit + 1,
    );
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(({ hit }) => hit),
      nextCursor: found.length > page.length && last ? encodeCursor(last.hit.at, last.id) : null,
    };
  }

  async #message(userId: string, messageId: string): Promise<MessageRow> {
    const row = await this.#messages.find(userId, messageId);
    if (row === undefined) throw MessageNotFound();
    return row;
  }

  async #place(userId: string, conversationId: string, messageId: string): Promise<MessagePlace> {
    const place = await this.#messages.place(userId, conversationId, messageId);
    if (place === undefined) throw MessageNotFound();
    return place;
  }
}

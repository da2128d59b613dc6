import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { ConversationLists } from './conversation-lists.ts';
import { presentConversation, type ConversationRow } from './conversation-rows.ts';
import { presentMessage, type MessageRow } from './message-rows.ts';

/** Tells every tab and device of the owner, after what they may ask for next is fresh. */
export class Announcer {
  readonly #broadcaster: Broadcaster;
  readonly #lists: ConversationLists;

  constructor(broadcaster: Broadcaster, lists: ConversationLists) {
    this.#broadcaster = broadcaster;
    this.#lists = lists;
  }

  created(row: ConversationRow): void {
    this.#lists.changed(row.user_id);
    this.#broadcaster.emit(`user:${row.user_id}`, 'conversation:created', presentConversation(row));
  }
  changed(row: ConversationRow): void {
    this.#lists.changed(row.user_id);
    this.#broadcaster.emit(`user:${row.user_id}`, 'conversation:changed', presentConversation(row));
  }
  deleted(userId: string, gone: { id: string; revision: number }): void {
    this.#lists.changed(userId);
    this.#broadcaster.emit(`user:${userId}`, 'conversation:deleted', gone);
  }
  messageChanged(userId: string, row: MessageRow): void {
    this.#broadcaster.emit(`user:${userId}`, 'message:changed', presentMessage(row));
  }
}

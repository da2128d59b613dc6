import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { presentConversation, type ConversationRow } from './conversation-rows.ts';
import { presentMessage, type MessageRow } from './message-rows.ts';

/** Tells every tab and device of the owner. */
export class Announcer {
  readonly #broadcaster: Broadcaster;

  constructor(broadcaster: Broadcaster) {
    this.#broadcaster = broadcaster;
  }

  created(row: ConversationRow): void {
    this.#broadcaster.emit(`user:${row.user_id}`, 'conversation:created', presentConversation(row));
  }
  changed(row: ConversationRow): void {
    this.#broadcaster.emit(`user:${row.user_id}`, 'conversation:changed', presentConversation(row));
  }
  deleted(userId: string, id: string): void {
    this.#broadcaster.emit(`user:${userId}`, 'conversation:deleted', { id });
  }
  messageChanged(userId: string, row: MessageRow): void {
    this.#broadcaster.emit(`user:${userId}`, 'message:changed', presentMessage(row));
  }
}

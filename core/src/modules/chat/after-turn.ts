import type { EventBus } from '../../events/event-bus.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { ConversationsService, MessagesService } from '../conversations/index.ts';
import { loadTokenCounter, type ConversationTitles } from '../prompting/index.ts';
import type { RunningTurn } from './running-turn.ts';
import type { TurnResult } from './settle-turns.ts';
import type { TurnQueries } from './turn-queries.ts';
import { presentTurn } from './turn-rows.ts';

export interface AfterTurnDeps {
  broadcaster: Broadcaster;
  events: EventBus;
  conversations: ConversationsService;
  messages: MessagesService;
  queries: TurnQueries;
  titles: ConversationTitles;
}

/** What follows a settled turn; nobody waits for it. */
export class AfterTurn {
  readonly #deps: AfterTurnDeps;

  constructor(deps: AfterTurnDeps) {
    this.#deps = deps;
  }

  async settled(turn: RunningTurn, result: TurnResult): Promise<void> {
    const { job, conversationId } = turn;
    this.#deps.events.emit('turn.settled', {
      turnId: job.turnId,
      userId: job.userId,
      conversationId,
      state: result.state,
      model: job.model.publicId,
    });
    if (conversationId === null) return;
    // Where people chat, somebody will stop a turn or open a trace; loading the tables then would be felt.
    void loadTokenCounter();
    await this.closed({ id: job.turnId, userId: job.userId, conversationId, messageId: job.replyId });
    if (result.state === 'completed') await this.#nameConversation(turn, conversationId, result.text);
  }

  /** Tells every tab how it ended. Nobody is told of a conversation that is deleted. */
  async closed(turn: { id: string; userId: string; conversationId: string | null; messageId: string }): Promise<void> {
    const { queries, messages, broadcaster, conversations } = this.#deps;
    const row = await queries.find(turn.userId, turn.id);
    const [message] = await messages.getMany(turn.userId, [turn.messageId]);
    if (row === undefined || message === undefined) return;
    broadcaster.emit(`user:${turn.userId}`, 'turn:closed', { turn: presentTurn(row), message });
    if (turn.conversationId !== null) await conversations.announce(turn.userId, turn.conversationId);
  }

  async #nameConversation(turn: RunningTurn, conversationId: string, replyText: string): Promise<void> {
    const { job } = turn;
    if (job.source.kind !== 'conversation') return;
    const conversation = await this.#deps.conversations.get(job.userId, conversationId);
    if (conversation.titleSource !== 'none') return;
    const asked = await this.#deps.messages.get(job.userId, job.source.answersId);
    await this.#deps.titles.give({
      userId: job.userId,
      conversationId,
      userText: asked.text,
      replyText,
      model: job.model,
      subject: turn.subject,
    });
  }
}

import type { Conversation } from '@parley/sdk/contract';
import type { EventBus } from '../../events/event-bus.ts';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { ConversationsService, MessagesService } from '../conversations/index.ts';
import { loadTokenCounter, type ConversationTitles } from '../prompting/index.ts';
import type { RunningTurn } from './running-turn.ts';
import type { Settled, TurnResult } from './settle-turns.ts';
import { presentTurn, type PresentableTurn } from './turn-rows.ts';

export interface AfterTurnDeps {
  broadcaster: Broadcaster;
  events: EventBus;
  conversations: ConversationsService;
  messages: MessagesService;
  titles: ConversationTitles;
}

/** A turn that has ended, as it is told. */
export type ClosedTurn = PresentableTurn & { user_id: string };

/** What follows a settled turn; nobody waits for it but a stop of the process. */
export class AfterTurn {
  readonly #deps: AfterTurnDeps;

  constructor(deps: AfterTurnDeps) {
    this.#deps = deps;
  }

  async settled(turn: RunningTurn, result: TurnResult, settled: Settled, signal: AbortSignal): Promise<void> {
    const { job, conversationId } = turn;
    const { firstPartAt } = turn.reply;
    this.#deps.events.emit('turn.settled', {
      turnId: job.turnId,
      userId: job.userId,
      conversationId,
      state: result.state,
      model: job.model.publicId,
      code: result.failure?.code ?? null,
      tokens: result.usage,
      charged: settled.receipt?.charged ?? 0,
      firstTokenSeconds: firstPartAt === null ? null : (firstPartAt - job.admittedAt) / 1000,
      seconds: (performance.now() - job.admittedAt) / 1000,
    });
    if (conversationId === null) return;
    // Where people chat, somebody will stop a turn or open a trace; loading the tables then would be felt.
    void loadTokenCounter();
    const conversation = await this.closed({
      id: job.turnId,
      user_id: job.userId,
      conversation_id: conversationId,
      message_id: job.replyId,
      state: result.state,
      model: job.model.publicId,
      seq: result.seq,
      ...settled,
    });
    if (result.state === 'completed' && conversation !== null) {
      await this.#nameConversation(turn, conversation, result.text, signal);
    }
  }

  /** Tells every tab how it ended. Nobody is told of a conversation that is deleted. */
  async closed(turn: ClosedTurn): Promise<Conversation | null> {
    const message = await this.#deps.messages.find(turn.user_id, turn.message_id);
    if (message === undefined) return null;
    this.#deps.conversations.touched(turn.user_id);
    this.#deps.broadcaster.emit(`user:${turn.user_id}`, 'turn:closed', { turn: presentTurn(turn), message });
    return this.#deps.conversations.announce(turn.user_id, message.conversationId);
  }

  /** As `closed`, for those alone who are here: the others have heard it. */
  async closedElsewhere(turn: ClosedTurn): Promise<void> {
    const message = await this.#deps.messages.find(turn.user_id, turn.message_id);
    if (message === undefined) return;
    this.#deps.broadcaster.emitLocal(`user:${turn.user_id}`, 'turn:closed', { turn: presentTurn(turn), message });
  }

  async #nameConversation(
    turn: RunningTurn,
    conversation: Conversation,
    replyText: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { job } = turn;
    if (job.source.kind !== 'conversation' || conversation.titleSource === 'user' || !this.#deps.titles.isOn()) return;
    const asked = await this.#deps.messages.get(job.userId, job.source.answersId);
    await this.#deps.titles.improve({
      userId: job.userId,
      conversationId: conversation.id,
      title: conversation.title,
      userText: asked.text,
      replyText,
      model: job.model,
      subject: { ...turn.subject, signal },
    });
  }
}

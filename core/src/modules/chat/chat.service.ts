import type { Conversation, Message, RegenerateRequest, SendRequest, Turn, TurnOpened } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import type { Profiles } from '../accounts/index.ts';
import { cleanTitle, type ConversationsService, type MessagesService } from '../conversations/index.ts';
import type { ModelCatalogue } from '../providers/index.ts';
import { admitRegenerate } from './admit-regenerate.ts';
import { admitSend } from './admit-send.ts';
import type { OpenTurnLimits } from './admission.ts';
import { Stopping, TurnNotFound } from './chat.errors.ts';
import { freshMessage } from './fresh-message.ts';
import { requestDigest } from './request-digest.ts';
import type { TurnSource } from './running-turn.ts';
import { presentTurn } from './turn-rows.ts';
import type { TurnQueries } from './turn-queries.ts';
import type { TurnStarter } from './turn-starter.ts';
import type { TurnStopper } from './turn-stopper.ts';

export interface ChatServiceDeps {
  pool: Pool;
  instanceId: string;
  models: Pick<ModelCatalogue, 'resolve'>;
  profiles: Profiles;
  limits: (userId: string) => Promise<OpenTurnLimits>;
  conversations: ConversationsService;
  messages: MessagesService;
  broadcaster: Broadcaster;
  queries: TurnQueries;
  starter: TurnStarter;
  stopper: TurnStopper;
}

/** What people do with turns; API clients have `completions.ts`. */
export class ChatService {
  readonly #deps: ChatServiceDeps;

  constructor(deps: ChatServiceDeps) {
    this.#deps = deps;
  }

  async send(userId: string, conversationId: string, input: SendRequest): Promise<TurnOpened> {
    this.#assertOpen();
    const conversation = await this.#deps.conversations.get(userId, conversationId);
    const model = this.#deps.models.resolve(input.model ?? conversation.model);
    const [person, limits] = await Promise.all([this.#deps.profiles.get(userId), this.#deps.limits(userId)]);
    const admittedAt = performance.now();
    const admitted = await admitSend(this.#deps.pool, {
      ...this.#common(userId, input.clientTurnId, model.publicId),
      limits,
      conversationId,
      digest: requestDigest('send', conversationId, input.text, input.parentId ?? null, input.model ?? null),
      text: input.text,
      title: conversation.titleSource === 'none' ? cleanTitle(input.text) : '',
      parentId: input.parentId,
    });
    if ('knownTurnId' in admitted) return this.#opened(userId, admitted.knownTurnId);

    const { turnId, userMessageId, replyId, createdAt } = admitted;
    const shared = { conversationId, turnId, createdAt };
    const opened: TurnOpened = {
      turn: presentTurn({
        id: turnId,
        conversation_id: conversationId,
        message_id: replyId,
        state: 'queued',
        model: model.publicId,
        seq: 0,
        created_at: createdAt,
        finished_at: null,
      }),
      userMessage: freshMessage({
        ...shared,
        id: userMessageId,
        parentId: admitted.parentId,
        role: 'user',
        text: input.text,
        position: admitted.position,
        versions: admitted.versions,
        model: null,
      }),
      assistantMessage: freshMessage({
        ...shared,
        id: replyId,
        parentId: userMessageId,
        role: 'assistant',
        text: '',
        position: admitted.position + 1,
        versions: [replyId],
        model: model.publicId,
      }),
    };
    const now = { ...conversation, ...admitted.title, openTurns: admitted.openTurns };
    this.#announce(userId, now, opened, opened.assistantMessage);
    this.#start(conversation, userMessageId, { turnId, replyId, userId, model, person, admittedAt });
    return opened;
  }

  async regenerate(userId: string, messageId: string, input: z.output<typeof RegenerateRequest>): Promise<TurnOpened> {
    this.#assertOpen();
    const reply = await this.#deps.messages.get(userId, messageId);
    const conversation = await this.#deps.conversations.get(userId, reply.conversationId);
    const model = this.#deps.models.resolve(input.model ?? conversation.model);
    const [person, limits] = await Promise.all([this.#deps.profiles.get(userId), this.#deps.limits(userId)]);
    const admittedAt = performance.now();
    const admitted = await admitRegenerate(this.#deps.pool, {
      ...this.#common(userId, input.clientTurnId, model.publicId),
      limits,
      messageId,
      digest: requestDigest('regenerate', messageId, input.model ?? null),
    });
    if ('knownTurnId' in admitted) return this.#opened(userId, admitted.knownTurnId);

    const { turnId, replyId, parentId } = admitted;
    const opened = await this.#opened(userId, turnId);
    // In place nothing moves; a version is shown at once.
    const leaf = replyId === messageId ? null : opened.assistantMessage;
    this.#announce(userId, { ...conversation, openTurns: admitted.openTurns }, opened, leaf);
    this.#start(conversation, parentId, { turnId, replyId, userId, model, person, admittedAt });
    return opened;
  }

  /** Answers when the turn is over, its text stored. One that is over already is only shown. */
  async stop(userId: string, turnId: string): Promise<Turn> {
    const row = await this.#deps.queries.find(userId, turnId);
    if (row === undefined) throw TurnNotFound();
    await this.#deps.stopper.stop(userId, row);
    return this.get(userId, turnId);
  }

  async get(userId: string, turnId: string): Promise<Turn> {
    const row = await this.#deps.queries.find(userId, turnId);
    if (row === undefined) throw TurnNotFound();
    return presentTurn(row);
  }

  async listOpen(userId: string): Promise<Turn[]> {
    return (await this.#deps.queries.open(userId, null)).map(presentTurn);
  }

  async #opened(userId: string, turnId: string): Promise<TurnOpened> {
    const row = await this.#deps.queries.find(userId, turnId);
    if (row === undefined) throw TurnNotFound();
    const ids = row.user_message_id === null ? [row.message_id] : [row.message_id, row.user_message_id];
    const messages = await this.#deps.messages.getMany(userId, ids);
    const reply = messages.find((message) => message.id === row.message_id);
    if (reply === undefined) throw TurnNotFound();
    return {
      turn: presentTurn(row),
      userMessage: messages.find((message) => message.id === row.user_message_id) ?? null,
      assistantMessage: reply,
    };
  }

  #start(
    { id: conversationId, systemPrompt, parameters }: Conversation,
    answersId: string,
    turn: Omit<Parameters<TurnStarter['startInConversation']>[0], 'source' | 'request'>,
  ): void {
    const source: TurnSource = { kind: 'conversation', conversationId, answersId, systemPrompt };
    this.#deps.starter.startInConversation({ ...turn, source, request: { parameters, stream: true } });
  }

  #assertOpen(): void {
    if (!this.#deps.starter.isAccepting) throw Stopping(undefined, { retryAfter: 5 });
  }

  #common(userId: string, clientTurnId: string, model: string) {
    return { userId, clientTurnId, model, instanceId: this.#deps.instanceId };
  }

  /**
   * Before the turn starts, so that nobody hears of frames of a turn he does not know. What has become of the
   * conversation is known without asking the database again.
   */
  #announce(userId: string, conversation: Conversation, opened: TurnOpened, leaf: Message | null): void {
    this.#deps.broadcaster.emit(`user:${userId}`, 'turn:opened', opened);
    this.#deps.broadcaster.emit(`user:${userId}`, 'conversation:changed', {
      ...conversation,
      ...(leaf === null ? {} : { activeLeafId: leaf.id, messageCount: leaf.position }),
      lastActiveAt: opened.turn.createdAt,
    });
  }
}

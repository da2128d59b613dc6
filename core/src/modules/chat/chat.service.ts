import type { Conversation, RegenerateRequest, SendRequest, Turn, TurnOpened } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';
import type { Broadcaster } from '../../realtime/broadcaster.ts';
import { cleanTitle, type ConversationsService, type MessagesService } from '../conversations/index.ts';
import { presentHeld } from '../credits/index.ts';
import type { LimitsModule } from '../limits/index.ts';
import { admitRegenerate } from './admit-regenerate.ts';
import { admitSend } from './admit-send.ts';
import { Stopping, TurnNotFound } from './chat.errors.ts';
import { type ConversationToCount, countConversation, needsCounting, priceTokens, UNCOUNTED } from './estimate-turn.ts';
import { freshMessage } from './fresh-message.ts';
import { requestDigest } from './request-digest.ts';
import type { TurnSource } from './running-turn.ts';
import type { TurnClaims } from './turn-claims.ts';
import { presentTurn } from './turn-rows.ts';
import type { TurnQueries } from './turn-queries.ts';
import type { TurnStarter } from './turn-starter.ts';
import type { TurnStopper } from './turn-stopper.ts';
import { findTerms, type TurnCost, type TurnTerms, type TurnTermsDeps } from './turn-terms.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';

export interface ChatServiceDeps extends TurnTermsDeps {
  limits: TurnTermsDeps['limits'] & Pick<LimitsModule, 'minute'>;
  pool: Pool;
  instanceId: string;
  claims: TurnClaims;
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
    const terms = await findTerms(this.#deps, userId, input.model ?? conversation.model);
    await this.#deps.limits.minute.take(userId, terms.limits);
    const cost = await this.#costOf(terms, {
      ...conversation,
      leafId: input.parentId === undefined ? conversation.activeLeafId : input.parentId,
      text: input.text,
    });
    const admittedAt = performance.now();
    const { common, claim } = this.#admission(terms, conversationId, input.clientTurnId, cost);
    const admitted = await admitSend(this.#deps.pool, this.#deps.claims, {
      ...common,
      conversationId,
      digest: requestDigest('send', conversationId, input.text, input.parentId ?? null, input.model ?? null),
      text: input.text,
      title: conversation.titleSource === 'none' ? cleanTitle(input.text) : '',
      parentId: input.parentId,
    });
    if ('knownTurnId' in admitted) return this.#opened(userId, admitted.knownTurnId);

    this.#deps.claims.tell(admitted.booked);
    const { turnId, userMessageId, replyId, createdAt } = admitted;
    const shared = { conversationId, turnId, createdAt };
    const opened: TurnOpened = {
      turn: presentTurn({
        id: turnId,
        conversation_id: conversationId,
        message_id: replyId,
        state: 'queued',
        model: common.model,
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
      assistantMessage: freshMessage(
        {
          ...shared,
          id: replyId,
          parentId: userMessageId,
          role: 'assistant',
          text: '',
          position: admitted.position + 1,
          versions: [replyId],
          model: common.model,
        },
        claim.hold === null ? null : presentHeld(claim.hold),
      ),
    };
    this.#announce(userId, admitted.conversation, opened);
    this.#start(admitted.conversation, userMessageId, { turnId, replyId, userId, ...jobTerms(terms), admittedAt });
    return opened;
  }

  async regenerate(userId: string, messageId: string, input: z.output<typeof RegenerateRequest>): Promise<TurnOpened> {
    this.#assertOpen();
    const reply = await this.#deps.messages.get(userId, messageId);
    const conversation = await this.#deps.conversations.get(userId, reply.conversationId);
    const terms = await findTerms(this.#deps, userId, input.model ?? conversation.model);
    await this.#deps.limits.minute.take(userId, terms.limits);
    const cost = await this.#costOf(terms, { ...conversation, leafId: reply.parentId, text: null });
    const admittedAt = performance.now();
    const { common } = this.#admission(terms, conversation.id, input.clientTurnId, cost);
    const admitted = await admitRegenerate(this.#deps.pool, this.#deps.claims, {
      ...common,
      messageId,
      digest: requestDigest('regenerate', messageId, input.model ?? null),
    });
    if ('knownTurnId' in admitted) return this.#opened(userId, admitted.knownTurnId);

    this.#deps.claims.tell(admitted.booked);
    const { turnId, replyId, parentId } = admitted;
    const opened = await this.#opened(userId, turnId);
    this.#announce(userId, admitted.conversation, opened);
    this.#start(admitted.conversation, parentId, { turnId, replyId, userId, ...jobTerms(terms), admittedAt });
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

  /** Null: the model is free. */
  async #costOf(
    { price, model, use }: TurnTerms,
    conversation: Omit<ConversationToCount, 'userId' | 'contextTokens'>,
  ): Promise<TurnCost | null> {
    if (price === null) return null;
    if (!needsCounting(price)) return priceTokens(price, UNCOUNTED);
    const { userId } = use;
    const { contextTokens } = model;
    return priceTokens(price, await countConversation(this.#deps.pool, { ...conversation, userId, contextTokens }));
  }

  #admission(terms: TurnTerms, conversationId: string, clientTurnId: string, cost: TurnCost | null) {
    const turnId = uuidV7();
    const claim = terms.claim({ turnId, conversationId, cost });
    const { userId, model } = terms.use;
    const { openTurnsPerUser: perUser, openTurnsPerConversation: perConversation } = terms.limits;
    const { instanceId } = this.#deps;
    const limits = { perUser, perConversation };
    return { claim, common: { turnId, userId, clientTurnId, model, instanceId, limits, claim } };
  }

  /** Before the turn starts, so that nobody hears of frames of a turn he does not know. */
  #announce(userId: string, conversation: Conversation, opened: TurnOpened): void {
    this.#deps.conversations.touched(userId);
    this.#deps.broadcaster.emit(`user:${userId}`, 'turn:opened', opened);
    this.#deps.broadcaster.emit(`user:${userId}`, 'conversation:changed', conversation);
  }
}

function jobTerms({ model, person, price, use }: TurnTerms) {
  return { model, person, price, use };
}

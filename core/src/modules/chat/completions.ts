import type { Receipt, TurnFailure, Usage } from '@parley/sdk/contract';
import type { ChatRequest, FinishReason } from '@parley/sdk/plugin';
import type { Pool } from 'pg';
import type { ContentPart } from '../providers/index.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { completionAdmission } from './admit-completion.ts';
import { Stopping } from './chat.errors.ts';
import { countRequest, needsCounting, priceTokens, UNCOUNTED } from './estimate-turn.ts';
import { repeatCompletion, type RepeatDeps } from './repeat-completion.ts';
import { requestDigest } from './request-digest.ts';
import type { TerminalEvent } from './reply-output.ts';
import { SinkOutput } from './sink-output.ts';
import type { TurnEndState } from './turn.ts';
import type { TurnClaims } from './turn-claims.ts';
import type { TurnStarter } from './turn-starter.ts';
import { findTerms, type TurnCost, type TurnTerms, type TurnTermsDeps } from './turn-terms.ts';

export interface CompletionInput {
  userId: string;
  /** Public model id; null: the default one. */
  model: string | null;
  request: Omit<ChatRequest, 'model'>;
  /** Of an `Idempotency-Key`: the same request under the same key is answered from what was stored. */
  clientTurnId?: string;
}
export interface CompletionEnd {
  state: TurnEndState;
  finishReason: FinishReason | null;
  usage: Usage | null;
  failure: TurnFailure | null;
  /** Null: the model is free. */
  receipt: Receipt | null;
}
/** Called synchronously, as the reply comes; `onEnd` once, last, when it is stored. */
export interface CompletionSink {
  onPart(part: ContentPart): void;
  onEnd(end: CompletionEnd): void;
}
export interface Completion {
  turnId: string;
  /** Public id of the model that answers. */
  model: string;
  /** Micro-credits that are locked meanwhile; 0: the model is free. */
  held: number;
  /** The client has gone: ends upstream, keeps what was written. `onEnd` still follows. */
  stop(): void;
}

export interface CompletionsDeps extends TurnTermsDeps, RepeatDeps {
  pool: Pool;
  instanceId: string;
  claims: TurnClaims;
  starter: TurnStarter;
}

/** Turns of API clients: no conversation, the same admission, gates, filters and settling. */
export function createCompletions(deps: CompletionsDeps) {
  const admit = completionAdmission(deps.pool, deps.instanceId, deps.claims);

  return {
    /** Rejects when the turn is refused; then the sink is never called. */
    async complete(input: CompletionInput, sink: CompletionSink): Promise<Completion> {
      if (!deps.starter.isAccepting) throw Stopping(undefined, { retryAfter: 5 });
      const terms = await findTerms(deps, input.userId, input.model);
      const { model, person, price, use } = terms;
      const cost = await costOf(terms, input);
      const admittedAt = performance.now();
      const [turnId, replyId] = [uuidV7(), uuidV7()];
      const claim = terms.claim({ turnId, conversationId: null, cost });
      const admission = admit({
        turnId,
        replyId,
        userId: input.userId,
        clientTurnId: input.clientTurnId ?? null,
        digest: input.clientTurnId === undefined ? null : requestDigest('complete', model.publicId, input.request),
        model: model.publicId,
        perUserLimit: terms.limits.openTurnsPerUser,
        claim,
      });
      const { messages, ...request } = input.request;
      // Gates and prompt hooks work while the database admits; nothing goes to a model before it has.
      const turn = deps.starter.start(
        {
          turnId,
          replyId,
          userId: input.userId,
          model,
          source: { kind: 'request', messages },
          request,
          person,
          price,
          use,
          admittedAt,
        },
        new SinkOutput(
          (part) => sink.onPart(part),
          (event) => sink.onEnd(endOf(event)),
        ),
        admission.then((known) => known === null),
      );
      const known = await admission;
      if (known !== null) return repeatCompletion(deps, input.userId, known.knownTurnId, sink);
      const held = Number(claim.hold?.amount ?? 0);
      return { turnId, model: model.publicId, held, stop: () => turn.end({ kind: 'stopped' }) };
    },
  };
}

/** Null: the model is free. */
async function costOf({ price, model }: TurnTerms, { request }: CompletionInput): Promise<TurnCost | null> {
  if (price === null) return null;
  if (!needsCounting(price)) return priceTokens(price, UNCOUNTED);
  return priceTokens(price, await countRequest(request.messages, request.parameters.maxTokens, model.contextTokens));
}

function endOf(event: TerminalEvent): CompletionEnd {
  return {
    state: event.type,
    finishReason: event.type === 'completed' ? event.finishReason : null,
    usage: 'usage' in event ? event.usage : null,
    failure: event.type === 'failed' ? event.failure : null,
    receipt: event.receipt ?? null,
  };
}

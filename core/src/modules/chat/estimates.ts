import type { Estimate, EstimateRequest } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { z } from 'zod';
import type { ConversationsService } from '../conversations/index.ts';
import { presentPrice, type TurnCredits } from '../credits/index.ts';
import { countConversation, priceTokens } from './estimate-turn.ts';
import { findTerms, type TurnTermsDeps } from './turn-terms.ts';

export interface EstimatesDeps extends TurnTermsDeps {
  pool: Pool;
  conversations: ConversationsService;
  credits: Pick<TurnCredits, 'priceOf' | 'funds' | 'wouldRefuse'>;
}

const NEW_CONVERSATION = { model: null, systemPrompt: '', parameters: {}, activeLeafId: null };

/** What sending a message would lock and probably cost, while it is being typed; writes nothing. */
export async function estimateSend(
  deps: EstimatesDeps,
  userId: string,
  input: z.output<typeof EstimateRequest>,
): Promise<Estimate> {
  const conversation =
    input.conversationId === undefined ? NEW_CONVERSATION : await deps.conversations.get(userId, input.conversationId);
  const terms = await findTerms(deps, userId, input.model ?? conversation.model);
  const { model, price } = terms;
  const [tokens, funds] = await Promise.all([
    countConversation(deps.pool, {
      userId,
      leafId: input.parentId === undefined ? conversation.activeLeafId : input.parentId,
      text: input.text,
      systemPrompt: input.systemPrompt ?? conversation.systemPrompt,
      parameters: input.parameters ?? conversation.parameters,
      contextTokens: model.contextTokens,
    }),
    deps.credits.funds(userId, input.conversationId ?? null, terms.dayStart()),
  ]);
  const cost = price === null ? null : priceTokens(price, tokens);
  return {
    model: model.publicId,
    price: price === null ? null : presentPrice(price),
    tokens,
    expected: Number(cost?.expected ?? 0n),
    atMost: Number(cost?.atMost ?? 0n),
    available: Number(funds.available),
    refusal: cost === null ? null : (deps.credits.wouldRefuse(cost.atMost, funds)?.code ?? null),
  };
}

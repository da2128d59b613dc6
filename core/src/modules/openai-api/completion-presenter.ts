import type { FinishReason } from '@parley/sdk/plugin';
import type { Receipt, Usage } from '@parley/sdk/contract';

/** What all pieces of one answer share. */
export interface CompletionHead {
  id: string;
  /** Seconds. */
  created: number;
  model: string;
}
export interface CompletedCall {
  id: string;
  name: string;
  arguments: string;
}

export function presentUsage(usage: Usage) {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cachedInput ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}

/** Our own extension, under a name of its own: clients that don't know it pass it over. Amounts in micro-credits. */
export function presentReceipt(receipt: Receipt, usage: Usage) {
  return {
    receipt: {
      estimate: receipt.estimate,
      held: receipt.held,
      charged: receipt.charged,
      released: receipt.released,
      price_id: receipt.priceId,
      counted_by: usage.countedBy,
    },
  };
}

/** OpenAI's own word for how it ended; a reply with calls always ends for them. */
export function presentFinish(reason: FinishReason, hasCalls: boolean): string {
  if (hasCalls) return 'tool_calls';
  if (reason === 'filtered') return 'content_filter';
  return reason === 'length' ? 'length' : 'stop';
}

export function presentCompletion(
  head: CompletionHead,
  reply: {
    text: string;
    reasoning: string;
    calls: CompletedCall[];
    finishReason: FinishReason;
    usage: Usage;
    receipt: Receipt | null;
  },
) {
  const hasCalls = reply.calls.length > 0;
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: reply.text === '' && hasCalls ? null : reply.text,
          refusal: null,
          ...(reply.reasoning === '' ? {} : { reasoning_content: reply.reasoning }),
          ...(hasCalls
            ? {
                tool_calls: reply.calls.map((call) => ({
                  id: call.id,
                  type: 'function',
                  function: { name: call.name, arguments: call.arguments },
                })),
              }
            : {}),
        },
        logprobs: null,
        finish_reason: presentFinish(reply.finishReason, hasCalls),
      },
    ],
    usage: presentUsage(reply.usage),
    ...(reply.receipt === null ? {} : { parley: presentReceipt(reply.receipt, reply.usage) }),
  };
}

export function presentModel(model: { publicId: string; connectionName: string }) {
  // Models have no birthday here; clients only want a number.
  return { id: model.publicId, object: 'model', created: 0, owned_by: model.connectionName };
}

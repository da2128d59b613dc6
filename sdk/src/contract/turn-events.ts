import { z } from 'zod';
import { Id } from './common.ts';
import { Receipt } from './receipts.ts';

export const TurnState = z.enum(['queued', 'running', 'completed', 'stopped', 'failed', 'interrupted']);
export type TurnState = z.infer<typeof TurnState>;
export const openTurnStates: readonly TurnState[] = ['queued', 'running'];

/** Tokens; `output` includes `reasoning`, `input` includes `cachedInput`. */
export const Usage = z.object({
  input: z.int().min(0),
  output: z.int().min(0),
  reasoning: z.int().min(0).optional(),
  cachedInput: z.int().min(0).optional(),
  /** `us`: the provider gave none (or nonsense) and we counted with our tokenizer. */
  countedBy: z.enum(['provider', 'us']),
});
export type Usage = z.infer<typeof Usage>;

/** Why a turn failed or a reply was cut; the web owns the sentence for each `code`. */
export const TurnFailure = z.object({
  code: z.string(),
  /** Safe to show: our own words, never the provider's body. */
  detail: z.string(),
  retryable: z.boolean(),
  /** The plugin (`publisher.name`) or rule that stopped it. */
  plugin: z.string().optional(),
  rule: z.string().optional(),
});
export type TurnFailure = z.infer<typeof TurnFailure>;

const seq = { seq: z.int().min(1) };
/** Absent: the model is free. */
const cost = { receipt: Receipt.optional() };
export const FinishReason = z.enum(['stop', 'length', 'tool_calls', 'filtered', 'error', 'other']);

/**
 * What happens in a turn, numbered from 1 without gaps. The last event is `completed`, `stopped`, `failed` or `interrupted`; nothing follows it.
 * `snapshot` replaces all that was before it: it answers a viewer who has nothing yet, or whose place is no longer in the log.
 */
export const TurnEvent = z.discriminatedUnion('type', [
  z.object({ ...seq, type: z.literal('snapshot'), text: z.string(), reasoning: z.string(), state: TurnState }),
  z.object({ ...seq, type: z.literal('started'), model: z.string() }),
  z.object({ ...seq, type: z.literal('text'), text: z.string() }),
  z.object({ ...seq, type: z.literal('reasoning'), text: z.string() }),
  z.object({
    ...seq,
    type: z.literal('toolCall'),
    index: z.int(),
    id: z.string().optional(),
    name: z.string().optional(),
    arguments: z.string(),
  }),
  z.object({ ...seq, type: z.literal('flagged'), plugin: z.string(), rule: z.string() }),
  z.object({ ...seq, type: z.literal('completed'), finishReason: FinishReason, usage: Usage, ...cost }),
  z.object({ ...seq, type: z.literal('stopped'), usage: Usage, ...cost }),
  z.object({ ...seq, type: z.literal('failed'), failure: TurnFailure, ...cost }),
  z.object({ ...seq, type: z.literal('interrupted'), ...cost }),
]);
export type TurnEvent = z.infer<typeof TurnEvent>;

/** Events of one turn that travel together; `events` are consecutive. */
export const TurnFrame = z.object({
  conversationId: Id.nullable(),
  turnId: Id,
  messageId: Id,
  events: z.array(TurnEvent).min(1),
});
export type TurnFrame = z.infer<typeof TurnFrame>;

import type { ChatParameters } from '@parley/sdk/contract';
import type { ChatMessage } from '@parley/sdk/plugin';
import type { Pool } from 'pg';
import { readHistory } from '../conversations/index.ts';
import { isFlat, mostItCanCost, type PriceVersion, priceOf } from '../credits/index.ts';
import {
  countKey,
  countMessages,
  countWindow,
  fitWindow,
  promptBudget,
  type WindowMessage,
} from '../prompting/index.ts';
import { MAX_CHARS_PER_TOKEN } from './prepare-prompt.ts';

/** Where nobody has set a limit; few replies are longer, and what is beyond the hold is not charged. */
const LONGEST_REPLY_TOKENS = 4_096;
/** What a reply usually has; only for what people are told to expect. */
const USUAL_REPLY_TOKENS = 500;
/** Room for what prompt transforms add (date, names, instructions): for an estimate they are not run. */
const ADDED_TOKENS = 300;

/** By our own counting. */
export interface TurnTokens {
  systemPrompt: number;
  history: number;
  message: number;
  replyAtMost: number;
}

export interface ConversationToCount {
  userId: string;
  /** The message that is followed, or answered where `text` is null; null: there is none yet. */
  leafId: string | null;
  text: string | null;
  systemPrompt: string;
  parameters: ChatParameters;
  contextTokens: number;
}

/** What a turn in a conversation would send: the window its prompt will have. */
export async function countConversation(pool: Pool, input: ConversationToCount): Promise<TurnTokens> {
  const { userId, leafId, text, contextTokens, parameters } = input;
  const maxChars = contextTokens * MAX_CHARS_PER_TOKEN;
  const history = leafId === null ? [] : (await readHistory(pool, userId, leafId, maxChars)).messages;
  const said = history.map(({ id, role, text: content, edited_at }): WindowMessage => ({
    message: { role, content },
    countKey: countKey(id, edited_at),
  }));
  const system =
    input.systemPrompt === '' ? [] : [{ message: { role: 'system' as const, content: input.systemPrompt } }];
  const asked = text === null ? [] : [{ message: { role: 'user' as const, content: text } }];
  const window = await fitWindow<WindowMessage>(
    [...system, ...said, ...asked],
    promptBudget(contextTokens, parameters.maxTokens),
  );
  const [systemPrompt, past, message] = await Promise.all([
    countWindow(system),
    countWindow(window.slice(system.length, window.length - asked.length)),
    countWindow(asked),
  ]);
  const room = contextTokens - systemPrompt - past - message;
  return { systemPrompt, history: past, message, replyAtMost: longestReply(parameters.maxTokens, room) };
}

/** The same of an API client's request, which has its own window. */
export async function countRequest(
  messages: readonly ChatMessage[],
  maxTokens: number | undefined,
  contextTokens: number,
): Promise<TurnTokens> {
  const message = await countMessages(messages);
  return { systemPrompt: 0, history: 0, message, replyAtMost: longestReply(maxTokens, contextTokens - message) };
}

/** Nothing is counted where the price does not ask for it. */
export const UNCOUNTED: TurnTokens = { systemPrompt: 0, history: 0, message: 0, replyAtMost: 0 };

export function needsCounting(price: PriceVersion | null): price is PriceVersion {
  return price !== null && !isFlat(price);
}

/** What to expect, and the worst case, which is what is locked; in micro-credits. */
export function priceTokens(price: PriceVersion, tokens: TurnTokens): { expected: bigint; atMost: bigint } {
  const input = tokens.systemPrompt + tokens.history + tokens.message;
  const output = Math.min(tokens.replyAtMost, USUAL_REPLY_TOKENS);
  return {
    expected: priceOf(price, { input, output }),
    atMost: mostItCanCost(price, { input: input + ADDED_TOKENS, output: tokens.replyAtMost }),
  };
}

function longestReply(maxTokens: number | undefined, room: number): number {
  return Math.max(1, Math.min(maxTokens ?? LONGEST_REPLY_TOKENS, room));
}

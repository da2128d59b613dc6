import type { ChatMessage } from '@parley/sdk/plugin';
import { loadTokenCounter, mostTokens } from './count-tokens.ts';
import { ContextTooLong } from './prompting.errors.ts';

/** A message of the prompt, with a name for its text if the same text will be counted again. */
export interface WindowMessage {
  message: ChatMessage;
  countKey?: string;
}

/** Role and separators, as chat formats spend them. */
const MESSAGE_OVERHEAD = 4;
/** A large image costs about this with the providers that say so. */
const IMAGE_TOKENS = 800;

/**
 * The leading system messages and as many of the newest others as fit. A message is never split: half an instruction
 * can mean its opposite. What is left out is left out from the oldest on, and an answer without its question goes too.
 */
export async function fitWindow<M extends WindowMessage>(messages: readonly M[], budget: number): Promise<M[]> {
  if (messages.reduce((sum, { message }) => sum + mostPossible(message), 0) <= budget) return [...messages];
  const { count } = await loadTokenCounter();
  const tokensOf = ({ message, countKey }: M) => MESSAGE_OVERHEAD + countContent(message, count, countKey);

  const firstOther = messages.findIndex(({ message }) => message.role !== 'system');
  const head = firstOther === -1 ? [...messages] : messages.slice(0, firstOther);
  const rest = messages.slice(head.length);
  const room = budget - head.reduce((sum, message) => sum + tokensOf(message), 0);
  if (room <= 0) throw ContextTooLong({ tokens: budget - room, limit: budget, part: 'system-prompt' });

  let start = rest.length;
  let used = 0;
  while (start > 0) {
    const tokens = tokensOf(rest[start - 1]!);
    if (used + tokens > room) break;
    used += tokens;
    start--;
  }
  if (start === rest.length && rest.length > 0) {
    throw ContextTooLong({ tokens: tokensOf(rest.at(-1)!), limit: room, part: 'message' });
  }
  if (start > 0) while (start < rest.length - 1 && rest[start]!.message.role !== 'user') start++;
  return [...head, ...rest.slice(start)];
}

/** What these messages cost by our counting. */
export function countMessages(messages: readonly ChatMessage[]): Promise<number> {
  return countWindow(messages.map((message) => ({ message })));
}

/** The same of messages whose texts have names: those that were counted before are not counted again. */
export async function countWindow(messages: readonly WindowMessage[]): Promise<number> {
  const { count } = await loadTokenCounter();
  return messages.reduce(
    (sum, { message, countKey }) => sum + MESSAGE_OVERHEAD + countContent(message, count, countKey),
    0,
  );
}

/** What a reply may need; a window filled to the brim leaves the model no room to answer. */
export function promptBudget(contextTokens: number, maxTokens: number | undefined): number {
  const reserve = Math.min(maxTokens ?? 4096, Math.floor(contextTokens / 4));
  return contextTokens - reserve;
}

export function countContent(
  message: ChatMessage,
  count: (text: string, key?: string) => number,
  key?: string,
): number {
  const calls = (message.toolCalls ?? []).reduce((sum, call) => sum + count(call.name) + count(call.arguments), 0);
  if (typeof message.content === 'string') return calls + count(message.content, key);
  return message.content.reduce((sum, part) => sum + (part.type === 'text' ? count(part.text) : IMAGE_TOKENS), calls);
}

function mostPossible(message: ChatMessage): number {
  const calls = (message.toolCalls ?? []).reduce(
    (sum, call) => sum + mostTokens(call.name.length + call.arguments.length),
    0,
  );
  const content =
    typeof message.content === 'string'
      ? mostTokens(message.content.length)
      : message.content.reduce(
          (sum, part) => sum + (part.type === 'text' ? mostTokens(part.text.length) : IMAGE_TOKENS),
          0,
        );
  return MESSAGE_OVERHEAD + calls + content;
}

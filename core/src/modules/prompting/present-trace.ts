import type { Message, Trace } from '@parley/sdk/contract';
import { loadTokenCounter } from './count-tokens.ts';
import type { StoredTrace } from './trace.ts';

/** Fills in what is kept elsewhere (the texts of messages) and what is only worth its price when somebody looks (tokens). */
export async function presentTrace(
  turn: { id: string; model: string; trace: StoredTrace },
  messages: readonly Message[],
): Promise<Trace> {
  const { count } = await loadTokenCounter();
  const byId = new Map(messages.map((message) => [message.id, message]));
  const { trace } = turn;
  const sections = trace.sections.map((section) => {
    const message = section.messageId === undefined ? undefined : byId.get(section.messageId);
    const text = section.text ?? message?.text ?? '';
    return {
      source: section.source,
      role: section.role,
      text,
      tokens: scaled(
        count(text, message === undefined ? undefined : countKey(message.id, message.editedAt)),
        text,
        section.chars,
      ),
      messageId: section.messageId ?? null,
    };
  });
  return {
    turnId: turn.id,
    model: turn.model,
    provider: trace.provider,
    sections,
    promptTokens: trace.usage?.input ?? sections.reduce((sum, section) => sum + section.tokens, 0),
    contextTokens: trace.contextTokens,
    omittedMessages: trace.omittedMessages,
    parameters: trace.parameters,
    steps: trace.steps,
    timings: trace.timings,
    attempts: trace.attempts,
    usage: trace.usage,
  };
}

/** As texts have in English; only for those of which nothing could be kept. */
const CHARS_PER_TOKEN = 4;

/** Of a text that was cut, its kept beginning tells how many tokens the rest had. */
function scaled(tokens: number, kept: string, allChars: number | undefined): number {
  if (allChars === undefined) return tokens;
  return Math.round(kept.length > 1 ? (tokens * allChars) / kept.length : allChars / CHARS_PER_TOKEN);
}

/** Names a message's text as long as nobody edits it. */
export function countKey(messageId: string, editedAt: string | null): string {
  return editedAt === null ? messageId : `${messageId}@${editedAt}`;
}

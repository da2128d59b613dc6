import type { ChatMessage } from '@parley/sdk/plugin';
import type { Pool } from 'pg';
import { onceReachable } from '../../ports/database/once-reachable.ts';
import { readHistory, type MessagesService } from '../conversations/index.ts';
import type { GateResult, Moderation } from '../moderation/index.ts';
import type { PromptHooks } from '../plugins/index.ts';
import { buildPrompt, countKey, type BuiltPrompt, type PromptInput } from '../prompting/index.ts';
import { describeMark, type Mark } from './reply.ts';
import type { RunningTurn, TurnSource } from './running-turn.ts';

export interface PrepareDeps {
  pool: Pool;
  messages: MessagesService;
  moderation: Moderation;
  promptHooks: PromptHooks;
}
type PromptMessage = PromptInput['messages'][number];

/** No script has fewer; a window is never filled from more text than this allows. */
export const MAX_CHARS_PER_TOKEN = 8;

export interface PreparedInput {
  messages: PromptMessage[];
  isFirstTurn: boolean;
  /** Older messages that were not even read. */
  unread: number;
}

/** What was said so far. */
export async function readInput(turn: RunningTurn, deps: PrepareDeps): Promise<PreparedInput> {
  const { source } = turn.job;
  if (source.kind === 'conversation') return readConversation(turn, source, deps);
  const messages = source.messages.map((message): PromptMessage => ({ message }));
  return { messages, isFirstTurn: firstNewOf(messages) === 0, unread: 0 };
}

async function readConversation(
  turn: RunningTurn,
  source: Extract<TurnSource, { kind: 'conversation' }>,
  deps: PrepareDeps,
): Promise<PreparedInput> {
  const { userId, model } = turn.job;
  const maxChars = model.contextTokens * MAX_CHARS_PER_TOKEN;
  // It was admitted: that the database goes away a moment later is no reason to fail.
  const history = await onceReachable(() => readHistory(deps.pool, userId, source.answersId, maxChars), turn.signal);
  const messages = history.messages.map((message): PromptMessage => ({
    message: { role: message.role, content: message.text },
    messageId: message.id,
    countKey: countKey(message.id, message.edited_at),
  }));
  return { messages, isFirstTurn: history.messages.length === 1, unread: history.firstPosition - 1 };
}

/** Lets the input gates judge what is new, and puts into `input` what they make of it. Not null: nothing may be sent to a model. */
export async function judgeInput(turn: RunningTurn, input: PreparedInput, deps: PrepareDeps): Promise<Mark | null> {
  const { source } = turn.job;
  return source.kind === 'conversation'
    ? judgeAsked(turn, source.answersId, input.messages, deps)
    : judgeNew(turn, input.messages, deps);
}

async function judgeAsked(
  turn: RunningTurn,
  answersId: string,
  messages: PromptMessage[],
  deps: PrepareDeps,
): Promise<Mark | null> {
  const asked = messages.at(-1);
  if (asked?.messageId !== answersId || asked.message.role !== 'user') return null;

  const text = asked.message.content as string;
  const verdict = await judge(turn, text, deps);
  if (verdict.text !== text || verdict.flaggedBy !== null) {
    // What the gate masked is masked for good: the next turn reads this message again.
    const mark = describeMark(verdict.flaggedBy);
    await onceReachable(() => deps.messages.moderated(turn.job.userId, answersId, verdict.text, mark), turn.signal);
    messages[messages.length - 1] = { message: { role: 'user', content: verdict.text }, messageId: answersId };
  }
  return verdict.blockedBy;
}

async function judgeNew(turn: RunningTurn, messages: PromptMessage[], deps: PrepareDeps): Promise<Mark | null> {
  let blockedBy: Mark | null = null;
  for (let at = firstNewOf(messages); at < messages.length; at++) {
    const { message } = messages[at]!;
    if (message.role !== 'user') continue;
    const judged = await judgeMessage(turn, message, deps);
    messages[at] = { message: judged.message };
    blockedBy ??= judged.blockedBy;
  }
  return blockedBy;
}

/** Of an API client's messages those after the last reply are new; the others were judged when they were. */
function firstNewOf(messages: readonly PromptMessage[]): number {
  return messages.findLastIndex(({ message }) => message.role === 'assistant') + 1;
}

async function judgeMessage(
  turn: RunningTurn,
  message: ChatMessage,
  deps: PrepareDeps,
): Promise<{ message: ChatMessage; blockedBy: Mark | null }> {
  if (typeof message.content === 'string') {
    const { text, blockedBy } = await judge(turn, message.content, deps);
    return { message: text === message.content ? message : { ...message, content: text }, blockedBy };
  }
  let blockedBy: Mark | null = null;
  const content: typeof message.content = [];
  for (const part of message.content) {
    if (part.type !== 'text') {
      content.push(part);
      continue;
    }
    const verdict = await judge(turn, part.text, deps);
    content.push({ ...part, text: verdict.text });
    blockedBy ??= verdict.blockedBy;
  }
  return { message: { ...message, content }, blockedBy };
}

async function judge(turn: RunningTurn, text: string, deps: PrepareDeps): Promise<GateResult> {
  const verdict = await deps.moderation.checkInput(text, turn.subject);
  turn.steps.push(...verdict.steps);
  return verdict;
}

/** `budget` after a provider said that the prompt was too long: our counting and its own differ. */
export async function makePrompt(
  turn: RunningTurn,
  input: PreparedInput,
  deps: PrepareDeps,
  budget?: number,
): Promise<BuiltPrompt> {
  const { source, model, request } = turn.job;
  const prompt = await buildPrompt(
    {
      systemPrompt: source.kind === 'conversation' ? source.systemPrompt : '',
      messages: input.messages,
      model: model.publicId,
      contextTokens: model.contextTokens,
      maxTokens: request.parameters.maxTokens,
      budget,
      isFirstTurn: input.isFirstTurn,
      slide: source.kind === 'conversation',
    },
    deps.promptHooks,
    turn.subject,
  );
  return { ...prompt, omittedMessages: prompt.omittedMessages + input.unread };
}

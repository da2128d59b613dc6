import type { Usage } from '@parley/sdk/contract';
import { countContent, loadTokenCounter } from '../prompting/index.ts';
import type { ReportedUsage } from '../providers/index.ts';
import type { Ending } from './run-turn.ts';
import type { RunningTurn } from './running-turn.ts';

export interface CountedUsage {
  /** Null: what failed has none but the provider's. */
  usage: Usage | null;
  /** The provider gave figures that cannot be right; they were not used. */
  isDoubted: boolean;
}

/** Vocabularies differ, none by this much; below the slack a difference costs nobody anything. */
const MOST_TIMES_OURS = 4;
const OUTPUT_SLACK = 200;
/** Providers add instructions of their own; an image counts for more with some. */
const INPUT_SLACK = 1_000;
const IMAGE_SLACK = 2_000;
/** Texts whose tokens are fewer than this share of their characters need no counting to be believed. */
const CERTAIN_TOKENS_PER_CHAR = 0.3;

/** The provider's figures where it gave some that can be right; else ours, and so marked. */
export async function countUsage(turn: RunningTurn, ending: Ending): Promise<CountedUsage> {
  const given = ending.usage;
  const isDoubted = given !== null && (given.isDoubtful === true || !(await isPlausible(turn, given)));
  const trusted = isDoubted ? null : given;
  if (trusted?.input !== undefined && trusted.output !== undefined) {
    const { isDoubtful: _, ...figures } = trusted;
    return { usage: { ...figures, input: trusted.input, output: trusted.output, countedBy: 'provider' }, isDoubted };
  }
  if (ending.state === 'failed' || ending.state === 'interrupted') return { usage: null, isDoubted };
  if (turn.prompt === null) return { usage: { input: 0, output: 0, countedBy: 'us' }, isDoubted };
  const reasoning = trusted?.reasoning ?? (await countReasoning(turn));
  const input = trusted?.input ?? (await countInput(turn));
  const output = trusted?.output ?? (await countVisible(turn)) + reasoning;
  const usage: Usage = { ...trusted, input, output, ...(reasoning > 0 ? { reasoning } : {}), countedBy: 'us' };
  return { usage, isDoubted };
}

async function isPlausible(turn: RunningTurn, given: ReportedUsage): Promise<boolean> {
  const { input, output, reasoning = 0 } = given;
  if (reasoning > turn.job.model.contextTokens) return false;
  if (input !== undefined && !(await isInputPlausible(turn, input))) return false;
  return output === undefined || (await isOutputPlausible(turn, output - reasoning));
}

async function isOutputPlausible(turn: RunningTurn, visible: number): Promise<boolean> {
  // Reasoning that is shown may have been counted as output, or not at all.
  const { text, reasoning } = turn.reply;
  if (visible <= OUTPUT_SLACK + (text.length + reasoning.length) * CERTAIN_TOKENS_PER_CHAR) return true;
  const ours = (await countVisible(turn)) + (await countReasoning(turn));
  return visible <= OUTPUT_SLACK + ours * MOST_TIMES_OURS;
}

async function isInputPlausible(turn: RunningTurn, input: number): Promise<boolean> {
  if (turn.prompt === null) return input <= INPUT_SLACK;
  const parts = turn.prompt.messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const slack = INPUT_SLACK + IMAGE_SLACK * parts.filter(({ type }) => type !== 'text').length;
  const chars = turn.prompt.messages.reduce(
    (sum, { content }) => sum + (typeof content === 'string' ? content.length : 0),
    0,
  );
  if (input <= slack + chars * CERTAIN_TOKENS_PER_CHAR) return true;
  return input <= slack + (await countInput(turn)) * MOST_TIMES_OURS;
}

async function countInput({ prompt }: RunningTurn): Promise<number> {
  const { count } = await loadTokenCounter();
  return prompt?.messages.reduce((sum, message) => sum + countContent(message, count), 0) ?? 0;
}

async function countVisible({ reply }: RunningTurn): Promise<number> {
  const { count } = await loadTokenCounter();
  const calls = reply.toolCalls.reduce((sum, call) => sum + count(call.name) + count(call.arguments), 0);
  return count(reply.text) + calls;
}

async function countReasoning({ reply }: RunningTurn): Promise<number> {
  return reply.reasoning === '' ? 0 : (await loadTokenCounter()).count(reply.reasoning);
}

import type { Receipt, TurnFailure, Usage } from '@parley/sdk/contract';
import { chargeFor } from '../credits/index.ts';
import { searchDocument } from '../conversations/index.ts';
import type { HookStep } from '../plugins/index.ts';
import { boundTrace, type StoredTrace } from '../prompting/index.ts';
import { describeMark } from './reply.ts';
import type { TerminalEvent } from './reply-output.ts';
import type { Ending } from './run-turn.ts';
import type { RunningTurn } from './running-turn.ts';
import type { TurnResult } from './settle-turns.ts';
import { turnFailure } from './turn-failures.ts';
import { countUsage } from './turn-usage.ts';

/** What is to be written down of a turn that has ended. */
export async function turnResult(turn: RunningTurn, ending: Ending): Promise<TurnResult> {
  const { reply, job } = turn;
  const { usage, isDoubted } = await countUsage(turn, ending);
  if (isDoubted) turn.steps.push(doubtStep(job.model.providerRef));
  return {
    turnId: job.turnId,
    state: ending.state,
    seq: turn.output.lastSeq(),
    text: reply.text,
    reasoning: reply.reasoning,
    toolCalls: reply.toolCalls,
    finishReason: ending.finishReason,
    usage,
    failure: ending.failure,
    flaggedBy: describeMark(reply.flaggedBy),
    trace: traceOf(turn, usage),
    search: turn.conversationId === null ? null : searchDocument(job.userId, reply.text),
    charge:
      job.price === null ? null : chargeFor(job.price, { state: ending.state, hasContent: !reply.isEmpty, usage }),
    use: job.use,
    isDoubted,
  };
}

export function terminalEvent(result: TurnResult, receipt: Receipt | null): TerminalEvent {
  const cost = receipt === null ? {} : { receipt };
  const usage = result.usage ?? { input: 0, output: 0, countedBy: 'us' };
  switch (result.state) {
    case 'completed':
      return { type: 'completed', finishReason: asFinishReason(result.finishReason), usage, ...cost };
    case 'stopped':
      return { type: 'stopped', usage, ...cost };
    case 'failed':
      return { type: 'failed', failure: result.failure ?? (turnFailure('internal') satisfies TurnFailure), ...cost };
    default:
      return { type: 'interrupted', ...cost };
  }
}

type FinishReason = Extract<TerminalEvent, { type: 'completed' }>['finishReason'];
function asFinishReason(reason: string | null): FinishReason {
  return (reason as FinishReason | null) ?? 'other';
}

function traceOf(turn: RunningTurn, usage: Usage | null): StoredTrace {
  const { job, prompt, reply } = turn;
  return boundTrace({
    provider: job.model.connectionName,
    sections: prompt?.sections ?? [],
    contextTokens: job.model.contextTokens,
    omittedMessages: prompt?.omittedMessages ?? 0,
    parameters: job.request.parameters,
    steps: inOrder([...turn.steps, ...(prompt?.steps ?? [])]),
    timings: {
      promptMs: round(turn.promptMs),
      firstTokenMs: reply.firstPartAt === null ? null : round(reply.firstPartAt - job.admittedAt),
      totalMs: round(performance.now() - job.admittedAt),
    },
    attempts: turn.attempts,
    usage,
  });
}

function doubtStep(source: string): HookStep {
  const note = 'Its token counts cannot be right; this reply was counted by Parley.';
  return { source, kind: 'provider', note, ms: null, outcome: 'flagged' };
}

/** As a reply passes them, not as they happened to be noted. */
const stations: readonly HookStep['kind'][] = ['inlet', 'prompt', 'provider', 'stream', 'outlet'];

function inOrder(steps: HookStep[]): HookStep[] {
  return steps
    .toSorted((a, b) => stations.indexOf(a.kind) - stations.indexOf(b.kind))
    .map((step) => ({ ...step, ms: step.ms === null ? null : round(step.ms) }));
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}

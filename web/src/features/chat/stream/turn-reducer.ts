import type { Receipt, TurnEvent, TurnFailure, TurnFrame, TurnState } from '@parley/sdk/contract';

type Usage = Extract<TurnEvent, { type: 'completed' }>['usage'];
type FinishReason = Extract<TurnEvent, { type: 'completed' }>['finishReason'];

export interface ToolCall {
  id: string | null;
  name: string | null;
  arguments: string;
}

/** What is known of a reply while its turn runs. Never changed in place: each frame makes the next one. */
export interface LiveReply {
  readonly turnId: string;
  readonly messageId: string;
  /** Of the last event applied; 0 when nothing came yet. */
  readonly lastSeq: number;
  readonly state: TurnState;
  readonly text: string;
  readonly reasoning: string;
  readonly model: string | null;
  readonly toolCalls: readonly ToolCall[];
  readonly flaggedBy: string | null;
  readonly finishReason: FinishReason | null;
  readonly usage: Usage | null;
  readonly failure: TurnFailure | null;
  /** When it has ended; null: free. */
  readonly receipt: Receipt | null;
}

/** `gap`: events are missing in between, so the viewer must join again after `lastSeq`; what came before the gap is applied. */
export type FrameOutcome = 'applied' | 'ignored' | 'gap';
export interface Reduction {
  reply: LiveReply;
  outcome: FrameOutcome;
}

export function startReply(turnId: string, messageId: string, state: TurnState = 'queued'): LiveReply {
  return {
    turnId,
    messageId,
    lastSeq: 0,
    state,
    text: '',
    reasoning: '',
    model: null,
    toolCalls: [],
    flaggedBy: null,
    finishReason: null,
    usage: null,
    failure: null,
    receipt: null,
  };
}

export function isFinal(state: TurnState): boolean {
  return state !== 'queued' && state !== 'running';
}

/** From wire to screen there is this one function: the first send and every resume go through it. */
export function reduceFrame(reply: LiveReply, frame: TurnFrame): Reduction {
  if (frame.turnId !== reply.turnId) return { reply, outcome: 'ignored' };
  let next = reply;
  for (const event of frame.events) {
    if (event.seq <= next.lastSeq) continue;
    // A snapshot stands for all that was before it, so it needs no predecessor.
    if (event.type !== 'snapshot' && event.seq !== next.lastSeq + 1) return { reply: next, outcome: 'gap' };
    next = applyEvent(next, event);
  }
  return { reply: next, outcome: next === reply ? 'ignored' : 'applied' };
}

function applyEvent(reply: LiveReply, event: TurnEvent): LiveReply {
  const next = { ...reply, lastSeq: event.seq };
  switch (event.type) {
    case 'snapshot':
      return { ...next, text: event.text, reasoning: event.reasoning, state: event.state, toolCalls: [] };
    case 'started':
      return { ...next, state: 'running', model: event.model };
    case 'text':
      return { ...next, state: 'running', text: reply.text + event.text };
    case 'reasoning':
      return { ...next, state: 'running', reasoning: reply.reasoning + event.text };
    case 'toolCall':
      return { ...next, state: 'running', toolCalls: joinToolCall(reply.toolCalls, event) };
    case 'flagged':
      return { ...next, flaggedBy: event.plugin };
    case 'completed':
      return {
        ...next,
        state: 'completed',
        finishReason: event.finishReason,
        usage: event.usage,
        receipt: costOf(event),
      };
    case 'stopped':
      return { ...next, state: 'stopped', usage: event.usage, receipt: costOf(event) };
    case 'failed':
      return { ...next, state: 'failed', failure: event.failure, receipt: costOf(event) };
    case 'interrupted':
      return { ...next, state: 'interrupted', receipt: costOf(event) };
  }
}

function costOf(event: { receipt?: Receipt | undefined }): Receipt | null {
  return event.receipt ?? null;
}

function joinToolCall(calls: readonly ToolCall[], event: Extract<TurnEvent, { type: 'toolCall' }>): ToolCall[] {
  const joined = [...calls];
  const before = joined[event.index];
  joined[event.index] = {
    id: event.id ?? before?.id ?? null,
    name: event.name ?? before?.name ?? null,
    arguments: (before?.arguments ?? '') + event.arguments,
  };
  return joined;
}

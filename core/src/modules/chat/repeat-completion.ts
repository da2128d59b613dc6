import { setTimeout as pause } from 'node:timers/promises';
import type { ToolCall } from '@parley/sdk/plugin';
import type { ContentPart } from '../providers/index.ts';
import { TurnNotFound } from './chat.errors.ts';
import type { Completion, CompletionEnd, CompletionSink } from './completions.ts';
import { isOpen, type TurnEndState } from './turn.ts';
import type { StoredReply, TurnQueries } from './turn-queries.ts';
import type { TurnRegistry } from './turn-registry.ts';
import type { TurnStarter } from './turn-starter.ts';

export interface RepeatDeps {
  queries: Pick<TurnQueries, 'reply'>;
  registry: Pick<TurnRegistry, 'get'>;
  starter: Pick<TurnStarter, 'isAccepting'>;
  report(error: unknown): void;
}

/** Of a reply that another instance writes; nobody tells us of its end. */
const LOOK_EVERY_MS = 500;
const INTERRUPTED: CompletionEnd = {
  state: 'interrupted',
  finishReason: null,
  usage: null,
  failure: null,
  receipt: null,
};

/** The reply to the same request once more, as if it came now; one that is still being written is waited for. */
export async function repeatCompletion(
  deps: RepeatDeps,
  userId: string,
  turnId: string,
  sink: CompletionSink,
): Promise<Completion> {
  const known = await deps.queries.reply(userId, turnId);
  if (known === undefined) throw TurnNotFound();
  const stopping = new AbortController();

  async function follow(first: StoredReply): Promise<void> {
    let stored: StoredReply | undefined = first;
    while (stored !== undefined && isOpen(stored.state)) {
      // Who asked has gone, or we are going: the reply itself goes on where it is written.
      if (stopping.signal.aborted || !deps.starter.isAccepting) return sink.onEnd(INTERRUPTED);
      const over = deps.registry.get(turnId)?.over;
      await Promise.race([over ?? pause(LOOK_EVERY_MS), pause(LOOK_EVERY_MS)]);
      stored = await deps.queries.reply(userId, turnId);
    }
    return stored === undefined ? sink.onEnd(INTERRUPTED) : play(stored, sink);
  }

  // After the caller has the completion in hand, as with a live one.
  setImmediate(() => {
    follow(known).catch((error: unknown) => {
      deps.report(error);
      sink.onEnd(INTERRUPTED);
    });
  });
  return { turnId, model: known.model, held: 0, stop: () => stopping.abort() };
}

function play(stored: StoredReply, sink: CompletionSink): void {
  if (stored.reasoning !== '') sink.onPart({ type: 'reasoning', text: stored.reasoning });
  if (stored.text !== '') sink.onPart({ type: 'text', text: stored.text });
  for (const part of callParts(stored.tool_calls ?? [])) sink.onPart(part);
  sink.onEnd({
    state: stored.state as TurnEndState,
    finishReason: stored.finish_reason,
    usage: stored.usage,
    failure: stored.failure,
    receipt: stored.receipt,
  });
}

function callParts(calls: readonly ToolCall[]): ContentPart[] {
  return calls.map((call, index) => ({ type: 'toolCall', index, ...call }));
}

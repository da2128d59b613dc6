import type { TurnFailure } from '@parley/sdk/contract';
import type { FinishReason } from '@parley/sdk/plugin';
import { countMessages } from '../prompting/index.ts';
import type { ProviderEnd } from '../providers/index.ts';
import { callProvider, type CallProviderDeps } from './call-provider.ts';
import { FilterPump } from './filter-pump.ts';
import { HeldReply } from './held-reply.ts';
import { judgeInput, makePrompt, type PrepareDeps, type PreparedInput, readInput } from './prepare-prompt.ts';
import type { Cut, RunningTurn } from './running-turn.ts';
import type { TurnEndState } from './turn.ts';
import { blockedFailure, failureOf, providerFailure } from './turn-failures.ts';

export interface RunTurnDeps extends PrepareDeps, CallProviderDeps {
  /** Characters of a reply, reasoning and tool calls included, after which it is cut. */
  maxReplyChars: number;
}

/** How it ended, before anybody has written it down. */
export interface Ending {
  state: TurnEndState;
  finishReason: FinishReason | null;
  failure: TurnFailure | null;
  usage: ProviderEnd['usage'];
}

/**
 * Generates one reply: gates on the input, prompt, provider, filters and gates on the output. Knows no socket, no log
 * and no settling. Never rejects, and answers at once when the turn is cut, whatever a plugin or provider is doing.
 */
export function runTurn(turn: RunningTurn, deps: RunTurnDeps): Promise<Ending> {
  const work = generate(turn, deps).catch((error: unknown) => failed(failureOf(error)));
  return Promise.race([work, turn.whenCut.then(endingOf)]).then((ending) => {
    turn.reply.close();
    return ending;
  });
}

async function generate(turn: RunningTurn, deps: RunTurnDeps): Promise<Ending> {
  const input = await readInput(turn, deps);
  await using undo = new AsyncDisposableStack();
  // While the gates judge, so that both share one way into the sandbox.
  const opening = deps.moderation.openFilters(turn.subject);
  const opened = opening.then(
    (chain) => chain,
    // Rethrown by the wait below; here it would be a second, unheard rejection.
    () => null,
  );
  undo.defer(async () => (await opened)?.close());

  const blockedBy = await judgeInput(turn, input, deps);
  if (blockedBy !== null) return failed(blockedFailure(blockedBy));
  await buildTurnPrompt(turn, input, deps);
  const textChain = await opening;
  if (!(await turn.isAdmitted())) return endingOf({ kind: 'refused' });

  const gate = deps.moderation.outputGate();
  const held = gate === null ? null : new HeldReply(gate);
  const stopped = Promise.withResolvers<Ending>();
  const pump = new FilterPump({
    textChain,
    openReasoningChain: textChain === null ? null : () => deps.moderation.openFilters(turn.subject),
    deliver(part) {
      if (held === null) turn.reply.add(part);
      else held.add(part);
      if (turn.reply.chars + (held?.chars ?? 0) > deps.maxReplyChars) turn.end({ kind: 'full' });
    },
    onFlag: (mark) => turn.reply.flag(mark),
    onBlock: (mark) => stopped.resolve(failed(blockedFailure(mark))),
    onError: (error) => stopped.resolve(failed(failureOf(error))),
  });
  undo.defer(() => pump.close());

  turn.output.event({ type: 'started', model: turn.job.model.publicId });
  const ending = await Promise.race([stopped.promise, provide(turn, input, pump, deps)]);
  turn.steps.push(...pump.steps());
  if (held === null || ending.failure?.code === 'moderation.blocked') return ending;
  const cutBy = await held.release(turn);
  return cutBy === null ? ending : failed(blockedFailure(cutBy));
}

async function buildTurnPrompt(
  turn: RunningTurn,
  input: PreparedInput,
  deps: RunTurnDeps,
  budget?: number,
): Promise<void> {
  turn.prompt = await makePrompt(turn, input, deps, budget);
  turn.promptMs = performance.now() - turn.job.admittedAt;
}

/** Of what was sent. Our counting says it fits, so its provider counts otherwise or allows less than we were told. */
const SHRUNK_SHARE = 0.6;

async function provide(turn: RunningTurn, input: PreparedInput, pump: FilterPump, deps: RunTurnDeps): Promise<Ending> {
  let end = await callProvider(turn, deps, pump);
  if (end.error?.class === 'context_length' && turn.reply.isEmpty && canShrink(turn, input)) {
    const sent = await countMessages(turn.prompt?.messages ?? []);
    await buildTurnPrompt(turn, input, deps, Math.floor(sent * SHRUNK_SHARE));
    end = await callProvider(turn, deps, pump);
  }
  await pump.end();
  if (end.error !== null) return { ...failed(providerFailure(end)), usage: end.usage };
  return { state: 'completed', finishReason: end.finishReason ?? 'other', failure: null, usage: end.usage };
}

function canShrink(turn: RunningTurn, input: PreparedInput): boolean {
  return turn.job.source.kind === 'conversation' && input.messages.length > 1;
}

function failed(failure: TurnFailure): Ending {
  return { state: 'failed', finishReason: 'error', failure, usage: null };
}

function endingOf(cut: Cut): Ending {
  const nothing = { finishReason: null, failure: null, usage: null };
  switch (cut.kind) {
    case 'stopped':
      return { ...nothing, state: 'stopped' };
    case 'full':
      return { ...nothing, state: 'completed', finishReason: 'length' };
    case 'failed':
      return failed(cut.failure);
    default:
      return { ...nothing, state: 'interrupted' };
  }
}

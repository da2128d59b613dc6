import { answerCapability } from './capability-calls.ts';
import { isShallowJson } from './json-depth.ts';
import type { CallEnd, OpenCall } from './open-call.ts';
import { cleanPluginText } from './plugin-text.ts';
import { filterResult, type WireAnswer, type WirePart, type WorkerMessage } from './protocol.ts';
import type { SandboxOptions } from './sandbox-host.ts';
import type { WorkerSeat } from './worker-seat.ts';

/** A plugin's answer nests less than this; later code walks it by recursion. */
const maxResultDepth = 64;

export interface MessageDeps {
  readonly calls: ReadonlyMap<number, OpenCall>;
  readonly options: SandboxOptions;
  readonly now: () => number;
  settle(open: OpenCall, end: CallEnd): void;
}

/** Acts on one message, whose shape is checked. A worker speaks for the plugins and calls of its own seat only. */
export function handleWorkerMessage(deps: MessageDeps, seat: WorkerSeat, message: WorkerMessage): void {
  switch (message[0]) {
    case 'parts':
      for (const [id, parts, answers] of message[1]) {
        const open = openOf(deps, seat, id);
        if (open !== undefined) takeParts(deps, seat, open, parts, answers);
      }
      return;
    case 'filtered': {
      const open = openOf(deps, seat, message[1]);
      if (open === undefined) return;
      open.lastActivity = deps.now();
      open.onFiltered(message[2]);
      return;
    }
    case 'done': {
      const open = openOf(deps, seat, message[1]);
      if (open === undefined) return;
      if (open.mode === 'filter') {
        open.started = true;
        open.firstAnswerAt = deps.now();
        open.onStarted();
      } else deps.settle(open, { ...readResult(open, message[2]), cpuMs: message[3] });
      return;
    }
    case 'end': {
      const open = openOf(deps, seat, message[1]);
      if (open !== undefined) deps.settle(open, { cpuMs: message[2] });
      return;
    }
    case 'failed': {
      const open = openOf(deps, seat, message[1]);
      if (open === undefined) return;
      const detail = message[3] === null ? undefined : cleanPluginText(message[3]);
      deps.settle(open, { failure: open.failure(message[2], detail), cpuMs: message[4] });
      return;
    }
    case 'ask':
      return ask(deps, seat, message[1], message[2], message[3], message[4]);
    case 'log':
      return log(deps, seat, message[1], message[2], message[3], message[4]);
    case 'loaded': {
      const resolve = seat.loading.get(message[1]);
      seat.loading.delete(message[1]);
      resolve?.(
        message[2] === null ? { detail: message[4] ?? 'the module could not be run' } : { exports: message[2] },
      );
      return;
    }
    case 'stats':
      for (const [slot, memoryBytes] of message[1]) {
        const record = seat.records.get(slot);
        if (record !== undefined) record.memoryBytes = memoryBytes;
      }
      seat.process?.reportedRss(message[2]);
      return;
    case 'pong':
      return;
  }
}

function openOf(deps: MessageDeps, seat: WorkerSeat, id: number): OpenCall | undefined {
  const open = deps.calls.get(id);
  return open !== undefined && open.record.seat === seat ? open : undefined;
}

function readResult(open: OpenCall, json: string): Omit<CallEnd, 'cpuMs'> {
  if (json.length > open.record.limits.resultBytes) {
    return { failure: open.failure('sandbox.budget', 'the result is too large') };
  }
  try {
    if (isShallowJson(json, maxResultDepth)) return { value: JSON.parse(json) as unknown };
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
  }
  return { failure: open.failure('sandbox.invalid-result', 'the result is not plain data') };
}

function takeParts(
  deps: MessageDeps,
  seat: WorkerSeat,
  open: OpenCall,
  wire: WirePart[],
  answers: WireAnswer[] | undefined,
): void {
  const now = deps.now();
  open.lastActivity = now;
  open.firstAnswerAt ??= now;
  open.parts += wire.length;
  for (const part of wire) {
    const text = typeof part === 'string' ? part : part['text'];
    if (typeof text === 'string') open.chars += text.length;
  }
  const { emittedParts, resultBytes } = open.record.limits;
  if (open.parts > emittedParts || open.chars > resultBytes) {
    deps.settle(open, { failure: open.failure('sandbox.budget', 'the reply is too long'), cpuMs: 0 });
    seat.process?.send(['abort', open.id]);
    return;
  }
  const parts = wire.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part));
  // A worker answers only for a filter that it was told to feed.
  open.onParts(parts, open.feeds === undefined || answers === undefined ? undefined : answersTo(wire, answers));
}

/** In the places of the parts; only bare texts were fed, and perhaps not all of them. */
function answersTo(wire: readonly WirePart[], answers: readonly WireAnswer[]): unknown[] {
  let next = 0;
  return wire.map((part) =>
    typeof part === 'string' && next < answers.length ? filterResult(answers[next++]!, part) : undefined,
  );
}

function ask(deps: MessageDeps, seat: WorkerSeat, id: number, number: number, name: string, args: string): void {
  const open = openOf(deps, seat, id);
  if (open === undefined) return;
  void answerCapability(deps.options.capabilities, open, name, args).then((answer) => {
    // The call may have ended meanwhile; its id is dead then.
    if (!open.over) seat.process?.send(['answer', id, number, ...answer]);
  });
}

function log(
  deps: MessageDeps,
  seat: WorkerSeat,
  slot: number,
  id: number,
  level: 'info' | 'warn' | 'error',
  text: string,
): void {
  const record = seat.records.get(slot);
  if (record === undefined) return;
  const subject = openOf(deps, seat, id)?.call.subject;
  const line = { plugin: record.key, level, text: cleanPluginText(text, 4_000) };
  deps.options.onLog?.(subject === undefined ? line : { ...line, subject });
}

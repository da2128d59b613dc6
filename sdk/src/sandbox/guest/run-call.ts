import { addCall, removeCall, whileStarting } from './current-call.ts';
import { DOMException } from './dom-exception.ts';
import { AbortSignal } from './abort.ts';
import { GuestCall } from './guest-call.ts';
import { buildContext } from './host-api.ts';
import { HostError } from './host-error.ts';
import { describe, post, postInRow, quote } from './outbox.ts';
import { apply, asyncIteratorKey, isArray, iteratorKey, jsonParse, jsonStringify, then } from './primordials.ts';

export interface CallMeta {
  id: number;
  mode: 'once' | 'stream' | 'filter';
  kind: string;
  contribution: string;
  method: string;
  maxParts: number;
  permissions: string[];
}
type Hooks = Record<string, (...args: unknown[]) => unknown>;

function finish(call: GuestCall, letter: string, payload: string): void {
  if (call.dead) return;
  call.flushParts();
  forget(call);
  post(letter, call.id, 0, payload);
}
function forget(call: GuestCall): void {
  call.dead = true;
  removeCall(call.id);
}
export function failCall(call: GuestCall, thrown: unknown, code = 'sandbox.threw'): void {
  const isBudget = thrown instanceof HostError && thrown.code === 'host.budget';
  finish(call, 'x', `["${isBudget ? 'sandbox.budget' : code}",${quote(describe(thrown))}]`);
}

export function startCall(
  plugin: Record<string, Record<string, Hooks>>,
  meta: CallMeta,
  inputJson: string,
  contextJson: string,
): void {
  const call = new GuestCall(meta.id, meta.maxParts);
  addCall(call);
  try {
    const context = buildContext(call, contextJson, meta.permissions);
    const owner = plugin[meta.kind]![meta.contribution]!;
    const method = owner[meta.method]!;
    whileStarting(call, () => {
      if (meta.mode === 'filter') startFilter(call, apply(method, owner, [context]));
      else {
        const args: unknown[] = inputJson === '' ? [context] : [jsonParse(inputJson), context];
        const result: unknown = apply(method, owner, args);
        if (meta.mode === 'stream') void pump(call, result);
        else settle(call, result);
      }
    });
  } catch (thrown) {
    failCall(call, thrown);
  }
}

function settle(call: GuestCall, result: unknown): void {
  const succeed = (value: unknown): void => {
    try {
      finish(call, 'v', value === undefined ? 'null' : (jsonStringify(value) ?? 'null'));
    } catch (thrown) {
      failCall(call, thrown, 'sandbox.invalid-result');
    }
  };
  if (typeof result === 'object' && result !== null && typeof (result as { then?: unknown }).then === 'function') {
    then(Promise.resolve(result), succeed, (thrown) => failCall(call, thrown));
  } else succeed(result);
}

/** Reads the provider's parts as fast as it yields them. What one entry yields leaves in one piece. */
async function pump(call: GuestCall, result: unknown): Promise<void> {
  try {
    const iterable = result as {
      [Symbol.asyncIterator]?: () => AsyncIterator<unknown>;
      [Symbol.iterator]?: () => Iterator<unknown>;
    };
    const open = iterable?.[asyncIteratorKey] ?? iterable?.[iteratorKey];
    if (typeof open !== 'function') throw new TypeError('the hook must return an async iterable');
    const iterator = apply(open, iterable, []) as AsyncIterator<unknown>;
    call.iterator = iterator;
    for (;;) {
      const next = await whileStarting(call, () => iterator.next());
      if (call.dead) return;
      if (next.done === true) break;
      if (typeof next.value !== 'object' || next.value === null || isArray(next.value))
        throw new TypeError('a part must be an object');
      call.emit(next.value);
    }
    finish(call, 'n', '');
  } catch (thrown) {
    failCall(call, thrown);
  }
}

function startFilter(call: GuestCall, run: unknown): void {
  const filter = run as { push?: unknown; end?: unknown } | null | undefined;
  if (typeof filter?.push !== 'function' || typeof filter.end !== 'function') {
    throw new TypeError('start must return an object with push and end');
  }
  call.filter = filter as NonNullable<GuestCall['filter']>;
  post('v', call.id, 0, 'null');
}

/** A piece of the stream, or its end (`text` is undefined). */
export function feedFilter(call: GuestCall, text: string | undefined): void {
  if (call.dead || call.filter === undefined) return;
  try {
    const result = (text === undefined ? call.filter.end() : call.filter.push(text)) as
      | Record<string, unknown>
      | null
      | undefined;
    if (typeof result !== 'object' || result === null || typeof result['text'] !== 'string') {
      throw new TypeError('a filter answers with an object that has a text');
    }
    postInRow('f', call.id, filterAnswer(text, result['text'], result));
    if (text === undefined) forget(call);
  } catch (thrown) {
    failCall(call, thrown);
  }
}

/** Nearly every answer is the text that was given, which says a number as well as the text does. */
function filterAnswer(given: string | undefined, text: string, { block, flag }: Record<string, unknown>): string {
  if (block !== undefined || flag !== undefined) return jsonStringify({ text, block, flag });
  return text === given ? '1' : quote(text);
}

/** The host has ended the call: whoever waits on its signal hears it, and nothing it makes leaves any more. */
export function abortCall(call: GuestCall): void {
  if (call.dead) return;
  forget(call);
  AbortSignal.fire(call.controller.signal, new DOMException('This operation was aborted', 'AbortError'));
  const iterator = call.iterator;
  // A generator's own `finally` should run; it may refuse or throw, which changes nothing any more.
  if (iterator?.return !== undefined)
    then(
      Promise.resolve(iterator.return()),
      () => {},
      () => {},
    );
  for (const answer of call.answers.values()) answer.reject(new HostError('host.aborted', 'the call is over'));
}

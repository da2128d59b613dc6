import { isShallowJson } from '../json-depth.ts';
import { cleanPluginText } from '../plugin-text.ts';
import { isWireAnswer, isWirePart, type WireAnswer, type WirePart } from '../protocol.ts';
import type { SandboxFailureCode } from '../sandbox-errors.ts';
import { parseJson, readString } from './untrusted-json.ts';
import type { GuestLine } from './guest-lines.ts';
import type { WorkerCall } from './worker-call.ts';
import type { CallContext } from './call-context.ts';
import { CallFetch, secretsFor } from './call-fetch.ts';
import { readFrame } from './text-pass.ts';
import type { WorkerState } from './worker-state.ts';

/** Deeper results serve nobody and make every walk over them dangerous. */
export const maxResultDepth = 64;
const maxTimers = 1_000;
const guestFailures: ReadonlySet<string> = new Set(['sandbox.threw', 'sandbox.budget', 'sandbox.invalid-result']);

/** Acts on one line of a context's output. Everything in it may be forged by the plugin, but only for the context's own calls. */
export function handleLine(state: WorkerState, context: CallContext, line: GuestLine): void {
  if (line.letter === 'p' || line.letter === 'f') return handleRow(state, context, line);
  if (line.letter === 'T' || line.letter === 'U') return handleTimer(state, context, line);
  if (line.letter === 'L') return handleLog(state, context, line);
  const call = context.calls.get(line.callId);
  // A call that is over is dead: whatever still comes for it is dropped.
  if (call === undefined) return;
  call.lastActivity = state.now;
  switch (line.letter) {
    case 'v':
      return handleValue(state, call, line.payload);
    case 'n':
      if (call.order.mode === 'stream') state.endStream(call);
      return;
    case 'x':
      return handleThrown(state, call, line.payload);
    case 'F':
      return handleFetch(state, call, line);
    case 'R':
      return call.fetches.get(line.number)?.read(parseJson(line.payload));
    case 'A':
      return call.fetches.get(line.number)?.acknowledge(Number(line.payload) || 0);
    case 'P':
      return handlePass(call, line);
    case 'K':
      return call.fetches.get(line.number)?.cancel();
    case 'H':
      return handleAsk(state, call, line);
  }
}

/** Parts, or filters' answers, of many calls: `[id,value,id,value…]`. */
function handleRow(state: WorkerState, context: CallContext, { letter, payload }: GuestLine): void {
  const row = parseJson(payload);
  if (!Array.isArray(row)) return state.failContext(context, 'sandbox.invalid-result', 'not a list');
  for (let at = 0; at + 1 < row.length; at += 2) {
    const call = context.calls.get(row[at] as number);
    if (call === undefined) continue;
    call.lastActivity = state.now;
    if (letter === 'p') handleParts(state, call, row[at + 1]);
    else handleFiltered(state, call, row[at + 1]);
  }
}

function handleParts(state: WorkerState, call: WorkerCall, parts: unknown): void {
  if (!Array.isArray(parts) || call.order.mode !== 'stream')
    return state.failCall(call, 'sandbox.invalid-result', 'not a list of parts');
  for (const part of parts as unknown[]) {
    if (!isPart(part)) return state.failCall(call, 'sandbox.invalid-result', 'a part is flat and has a type');
    if (typeof part !== 'string') noteEnd(call, part['type']);
    call.resultBytes += charsOf(part);
  }
  if (call.resultBytes > call.limits.resultBytes)
    return state.failCall(call, 'sandbox.budget', 'the reply is too long');
  call.parts += parts.length;
  if (call.parts > call.limits.emittedParts) return state.failCall(call, 'sandbox.budget', 'too many parts');
  state.sendParts(call, parts as WirePart[]);
}

function noteEnd(call: WorkerCall, type: unknown): void {
  if (type === 'finish') call.endsWell ??= true;
  else if (type === 'error') call.endsWell ??= false;
}

/** Texts come bare, or no filter would be fed with them. */
function isPart(part: unknown): part is WirePart {
  if (typeof part === 'string') return true;
  const type = isWirePart(part) ? (part as Record<string, unknown>)['type'] : undefined;
  return typeof type === 'string' && type !== 'text';
}

function handleFiltered(state: WorkerState, call: WorkerCall, answer: unknown): void {
  if (call.order.mode !== 'filter') return;
  const isAnswer =
    typeof answer === 'string' ||
    (isWireAnswer(answer) && (answer === 1 || typeof (answer as { text?: unknown }).text === 'string'));
  if (!isAnswer) return state.failCall(call, 'sandbox.invalid-result', 'a filter answers with a text');
  if (answer !== 1) call.resultBytes += charsOf(answer as WirePart);
  if (call.resultBytes > call.limits.resultBytes) return state.failCall(call, 'sandbox.budget', 'the text is too long');
  const asker = call.filterAnswers.shift();
  if (asker === undefined) return state.failCall(call, 'sandbox.invalid-result', 'an answer that nobody has asked for');
  // With its last answer a filter is over, which the core knows as well.
  if (call.isFinishing && call.filterAnswers.length === 0)
    return state.endCall(call, ['filtered', call.id, answer as WireAnswer]);
  if (asker === 'core') state.link.send(['filtered', call.id, answer as WireAnswer]);
  else asker.answer(answer as WireAnswer);
}

function charsOf(part: WirePart): number {
  return typeof part === 'string' ? part.length : JSON.stringify(part).length;
}

function handleValue(state: WorkerState, call: WorkerCall, payload: string): void {
  if (payload.length > call.limits.resultBytes)
    return state.failCall(call, 'sandbox.budget', 'the result is too large');
  if (!isShallowJson(payload, maxResultDepth) || parseJson(payload) === undefined) {
    return state.failCall(call, 'sandbox.invalid-result', 'the result is not plain data');
  }
  // A filter has only started; its answers follow.
  if (call.order.mode === 'filter') state.link.send(['done', call.id, payload, call.cpuMs]);
  else if (call.order.mode === 'once') state.endCall(call, ['done', call.id, payload, call.cpuMs]);
}

function handleThrown(state: WorkerState, call: WorkerCall, payload: string): void {
  const [code, detail] = (parseJson(payload) ?? []) as unknown[];
  const known = typeof code === 'string' && guestFailures.has(code) ? (code as SandboxFailureCode) : 'sandbox.threw';
  state.failCall(call, known, typeof detail === 'string' ? detail : '');
}

function handleFetch(state: WorkerState, call: WorkerCall, line: GuestLine): void {
  const fetch = new CallFetch(call, line.number, {
    onArrival(arrived, atOnce) {
      if (!call.context.calls.has(call.id)) return;
      call.lastActivity = state.now;
      call.context.arrived.add(arrived);
      if (arrived.hasBegun) state.awaited.answered(arrived);
      state.batching.add(call.context, atOnce);
    },
    onPassed(text) {
      if (state.calls.get(call.id) === call) handleParts(state, call, [text]);
    },
    onOver(over) {
      call.fetches.delete(line.number);
      state.awaited.answered(over);
    },
  });
  if (call.fetches.has(line.number)) return;
  call.fetches.set(line.number, fetch);
  state.awaited.asked(fetch);
  call.fetchCount += 1;
  const request = readRequest(line.payload);
  if (request === undefined) return fetch.fail('host.invalid', 'The request is malformed');
  const host = URL.parse(request.url)?.host;
  if (host !== undefined) call.hosts.add(host);
  if (call.fetchCount > call.limits.fetches || call.hosts.size > call.limits.distinctHosts) {
    return fetch.fail('host.budget', 'Too many requests in one call');
  }
  const { limits } = call;
  fetch.exchange = state.egress.fetchInto(
    {
      url: request.url,
      method: request.method,
      headers: request.headers,
      body: request.body === null ? undefined : request.binary ? Buffer.from(request.body, 'latin1') : request.body,
      grants: [...call.plugin.order.network, ...call.order.network],
      allowPrivate: call.plugin.order.networkPrivate,
      secrets: secretsFor(call),
      limits: {
        connectMs: 10_000,
        firstByteMs: call.order.deadlineMs,
        idleMs: limits.idleMs,
        responseBytes: limits.responseBytes,
      },
    },
    fetch,
  );
}

/** Only a stream has parts that a piece could become. */
function handlePass(call: WorkerCall, { number, payload }: GuestLine): void {
  const frame = readFrame(parseJson(payload));
  if (frame !== undefined && call.order.mode === 'stream') call.fetches.get(number)?.pass(frame);
}

function readRequest(payload: string) {
  const request = parseJson(payload) as Partial<Record<string, unknown>> | undefined;
  if (typeof request !== 'object' || request === null) return undefined;
  const { url, method, headers, body, binary } = request;
  if (typeof url !== 'string' || typeof method !== 'string' || !Array.isArray(headers)) return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  const pairs: [string, string][] = [];
  for (const pair of headers as unknown[]) {
    const [name, value] = Array.isArray(pair) ? (pair as unknown[]) : [];
    if (typeof name !== 'string' || typeof value !== 'string') return undefined;
    pairs.push([name, value]);
  }
  return { url, method, headers: pairs, body, binary: binary === true };
}

function handleAsk(state: WorkerState, call: WorkerCall, line: GuestLine): void {
  const { limits } = call;
  const comma = line.payload.indexOf('",') + 1;
  const name = readString(line.payload.slice(0, comma));
  const args = line.payload.slice(comma + 1);
  const refuse = (code: string, text: string): void => state.answer(call, line.number, null, code, text);
  call.hostCalls += 1;
  if (call.hostCalls > limits.hostCalls || call.asked.size >= limits.hostCallsInFlight) {
    return refuse('host.budget', 'too many host calls');
  }
  if (args.length > limits.argumentBytes) return refuse('host.budget', 'the arguments are too large');
  if (name === undefined || name.length > 64 || !isShallowJson(args, maxResultDepth) || parseJson(args) === undefined) {
    return refuse('host.invalid', 'the arguments are not plain data');
  }
  if (!call.plugin.order.capabilities.includes(name.split('.')[0]!))
    return refuse('host.denied', 'this was not granted');
  call.asked.add(line.number);
  state.link.send(['ask', call.id, line.number, name, args]);
}

function handleTimer(state: WorkerState, context: CallContext, line: GuestLine): void {
  const known = context.timers.get(line.number);
  if (line.letter === 'U') {
    if (known !== undefined) clearTimeout(known.handle);
    context.timers.delete(line.number);
    return;
  }
  if (known !== undefined) return;
  if (line.callId !== 0 && !context.calls.has(line.callId)) return;
  if (context.timers.size >= maxTimers) return state.failContext(context, 'sandbox.budget', 'too many timers');
  const delayMs = Math.min(Math.max(Number(line.payload) || 1, 1), 2_147_483_647);
  const handle = setTimeout(() => {
    context.timers.delete(line.number);
    context.pending.push(`["t",${line.callId},${line.number}]`);
    state.batching.add(context);
  }, delayMs);
  context.timers.set(line.number, { callId: line.callId, handle });
}

function handleLog(state: WorkerState, context: CallContext, line: GuestLine): void {
  // In a context with one call there is no doubt whose line it is.
  const call = context.calls.get(line.callId) ?? (context.shared ? undefined : context.calls.values().next().value);
  const [level, text] = (parseJson(line.payload) ?? []) as unknown[];
  if ((level !== 'info' && level !== 'warn' && level !== 'error') || typeof text !== 'string') return;
  const { limits } = state.pluginOf(context).order;
  const budget = call ?? context;
  budget.logLines += 1;
  budget.logBytes += text.length;
  if (budget.logLines > limits.logLines || budget.logBytes > limits.logBytes) return;
  state.link.send(['log', context.guest.slot, call?.id ?? 0, level, cleanPluginText(text, 4_000)]);
}

import { ProtocolViolation } from './framing.ts';
import type { SandboxFailureCode } from './sandbox-errors.ts';
import type { HeldSecret } from './egress/index.ts';
import type { HookKind, NetworkGrant, TrustGroup } from './sandbox-host.ts';
import type { SandboxLimits } from './limits.ts';

/**
 * What core and worker say to each other: a frame is a JSON array of messages, a message an array that begins with its name.
 * Nothing in here knows which engine the worker uses.
 */
export type CallMode = 'once' | 'stream' | 'filter';

/** What the worker must know of a plugin; its code travels beside it. */
export interface PluginOrder {
  id: string;
  trust: TrustGroup;
  shared: boolean;
  limits: SandboxLimits;
  network: NetworkGrant[];
  networkPrivate: boolean;
  capabilities: string[];
  secrets: HeldSecret[];
}
export interface CallOrder {
  slot: number;
  mode: CallMode;
  kind: HookKind;
  contribution: string;
  method: string;
  network: NetworkGrant[];
  secrets: HeldSecret[];
  /** Of a stream the longest silence, else the whole call. */
  deadlineMs: number;
  /** Of a stream: the filter's call in the same worker that its bare texts enter as well; 0 for none. */
  feeds: number;
}

/** Input and context are JSON already: made once by the core, parsed once inside the isolate. */
export type CoreMessage =
  | ['load', slot: number, order: PluginOrder, code: string]
  | ['unload', slot: number]
  | ['call', id: number, order: CallOrder, input: string, context: string]
  | ['abort', id: number]
  | ['push', id: number, text: string]
  | ['finish', id: number]
  | ['answer', id: number, number: number, value: string | null, code: string | null, message: string | null]
  | ['ping', number: number];

/** A text part travels as its bare text: nearly all parts are such. The same holds for a filter's result without a verdict. */
export type WirePart = string | Record<string, unknown>;

/** What a filter made of a text; 1 for nothing. */
export type WireAnswer = WirePart | 1;
/** Of one stream. `filtered`: where it feeds a filter, the answers to its bare texts, in order. Absent when the filter is over. */
export type PartsBatch = [id: number, parts: WirePart[], filtered?: WireAnswer[]];

export type WorkerMessage =
  | ['ready']
  | ['loaded', slot: number, exports: string | null, code: SandboxFailureCode | null, detail: string | null]
  | ['parts', batches: PartsBatch[]]
  | ['filtered', id: number, answer: WireAnswer]
  | ['done', id: number, value: string, cpuMs: number]
  | ['failed', id: number, code: SandboxFailureCode, detail: string | null, cpuMs: number]
  | ['end', id: number, cpuMs: number]
  | ['ask', id: number, number: number, name: string, args: string]
  | ['log', slot: number, id: number, level: 'info' | 'warn' | 'error', text: string]
  | ['stats', rows: [slot: number, memoryBytes: number][], rssBytes: number]
  | ['pong', number: number];

export function filterResult(answer: WireAnswer, given: string): unknown {
  if (answer === 1) return { text: given };
  return typeof answer === 'string' ? { text: answer } : answer;
}

const failureCodes: ReadonlySet<unknown> = new Set<SandboxFailureCode>([
  'sandbox.timed-out',
  'sandbox.out-of-memory',
  'sandbox.crashed',
  'sandbox.threw',
  'sandbox.budget',
  'sandbox.invalid-result',
  'sandbox.aborted',
  'sandbox.not-loaded',
  'sandbox.load-failed',
]);

/** One parse per frame; every message is checked by hand, because this runs for each batch of tokens. */
export function readWorkerFrame(json: string): WorkerMessage[] {
  const frame = parse(json);
  if (!Array.isArray(frame)) throw new ProtocolViolation('a frame must be an array');
  for (const message of frame) {
    if (!Array.isArray(message) || !isWorkerMessage(message)) throw new ProtocolViolation('unknown message');
  }
  return frame as WorkerMessage[];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ProtocolViolation('a frame must be JSON');
  }
}

function isWorkerMessage(message: unknown[]): boolean {
  switch (message[0]) {
    case 'parts':
      return message.length === 2 && Array.isArray(message[1]) && message[1].every(isPartsBatch);
    case 'filtered':
      return message.length === 3 && isId(message[1]) && isWireAnswer(message[2]);
    case 'done':
      return message.length === 4 && isId(message[1]) && typeof message[2] === 'string' && isAmount(message[3]);
    case 'failed':
      return (
        message.length === 5 && isId(message[1]) && isCode(message[2]) && isDetail(message[3]) && isAmount(message[4])
      );
    case 'end':
      return message.length === 3 && isId(message[1]) && isAmount(message[2]);
    case 'ask':
      return (
        message.length === 5 &&
        isId(message[1]) &&
        isId(message[2]) &&
        typeof message[3] === 'string' &&
        message[3].length <= 64 &&
        typeof message[4] === 'string'
      );
    case 'log':
      return (
        message.length === 5 &&
        isId(message[1]) &&
        isId(message[2]) &&
        (message[3] === 'info' || message[3] === 'warn' || message[3] === 'error') &&
        typeof message[4] === 'string'
      );
    case 'loaded':
      return (
        message.length === 5 &&
        isId(message[1]) &&
        (message[2] === null || typeof message[2] === 'string') &&
        (message[3] === null || isCode(message[3])) &&
        isDetail(message[4])
      );
    case 'stats':
      return message.length === 3 && Array.isArray(message[1]) && message[1].every(isStatsRow) && isAmount(message[2]);
    case 'pong':
      return message.length === 2 && isId(message[1]);
    case 'ready':
      return message.length === 1;
    default:
      return false;
  }
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0;
}
function isCode(value: unknown): boolean {
  return failureCodes.has(value);
}
function isDetail(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
function isStatsRow(row: unknown): boolean {
  return Array.isArray(row) && row.length === 2 && isId(row[0]) && isAmount(row[1]);
}

function isPartsBatch(batch: unknown): boolean {
  if (!Array.isArray(batch) || !isId(batch[0]) || !isListOf(batch[1], isWirePart)) return false;
  return batch.length === 2 || (batch.length === 3 && isListOf(batch[2], isWireAnswer));
}
function isListOf(list: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(list) && list.every((item) => isItem(item));
}
export function isWireAnswer(answer: unknown): boolean {
  return answer === 1 || isWirePart(answer);
}

/**
 * A bare text, or a flat object: part kinds and verdicts hold nothing deeper than one level below them. The worker asks before it
 * sends: what a plugin yields must cost the plugin its call, never the worker its life.
 */
export function isWirePart(part: unknown): boolean {
  if (typeof part === 'string') return true;
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return false;
  for (const value of Object.values(part)) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) return false;
    for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) return false;
  }
  return true;
}

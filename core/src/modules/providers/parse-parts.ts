import type { FinishReason, ProviderError, ProviderErrorClass } from '@parley/sdk/plugin';
import type { FilteredParts } from '@parley/sdk/sandbox';
import type { ContentPart, ReportedUsage, StreamedPart } from './provider-types.ts';

/** What one batch of a plugin's parts comes to. */
export interface ParsedParts {
  content: StreamedPart[];
  usage: ReportedUsage | null;
  finish: FinishReason | null;
  error: ProviderError | null;
}

const finishReasons = new Set<string>(['stop', 'length', 'tool_calls', 'filtered', 'error', 'other']);
const errorClasses = new Set<string>([
  'bad_request',
  'auth',
  'quota',
  'rate_limit',
  'overloaded',
  'server',
  'timeout',
  'filtered',
  'context_length',
  'interrupted',
] satisfies ProviderErrorClass[]);

/** Thrown when a plugin yields what is no part. Checked by hand: this runs for every batch of every stream. */
export class BadPart extends Error {}

/** Reads a batch strictly. Stops at the first `finish` or `error`: nothing may follow it. */
export function parseParts(parts: readonly unknown[], filtered: FilteredParts = []): ParsedParts {
  const result: ParsedParts = { content: [], usage: null, finish: null, error: null };
  for (let place = 0; place < parts.length; place++) {
    const raw = parts[place];
    if (typeof raw !== 'object' || raw === null) throw new BadPart('a part is not an object');
    const part = raw as Record<string, unknown>;
    switch (part.type) {
      case 'text':
      case 'reasoning':
        if (part.text !== '') result.content.push(textOf(part.type, part.text, filtered[place]));
        break;
      case 'toolCall':
        result.content.push(toolCallOf(part));
        break;
      case 'usage':
        result.usage = usageOf(part);
        break;
      case 'start':
        break;
      case 'finish':
        result.finish = finishReasons.has(String(part.reason)) ? (part.reason as FinishReason) : 'other';
        return result;
      case 'error':
        result.error = errorOf(part);
        return result;
      default:
        throw new BadPart(`a part has the unknown type ${JSON.stringify(part.type)?.slice(0, 60)}`);
    }
  }
  return result;
}

function textOf(type: 'text' | 'reasoning', text: unknown, filtered: unknown): StreamedPart {
  const part: StreamedPart = { type, text: stringOf(text, 'text') };
  if (filtered !== undefined) part.filtered = filtered;
  return part;
}

function toolCallOf(part: Record<string, unknown>): ContentPart {
  if (!Number.isSafeInteger(part.index) || (part.index as number) < 0) throw new BadPart('a tool call has no index');
  return {
    type: 'toolCall',
    index: part.index as number,
    ...(part.id === undefined ? {} : { id: stringOf(part.id, 'id') }),
    ...(part.name === undefined ? {} : { name: stringOf(part.name, 'name') }),
    arguments: stringOf(part.arguments, 'arguments'),
  };
}

/** Counts that can't be are dropped, as if the provider had not given them. */
function usageOf(part: Record<string, unknown>): ReportedUsage {
  const count = (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 100_000_000
      ? (value as number)
      : undefined;
  const [input, output] = [count(part.input), count(part.output)];
  const within = (value: number | undefined, whole: number | undefined) =>
    value !== undefined && whole !== undefined && value <= whole ? value : undefined;
  return {
    input,
    output,
    reasoning: within(count(part.reasoning), output),
    cachedInput: within(count(part.cachedInput), input),
    ...(isWrong(part.input, input) || isWrong(part.output, output) ? { isDoubtful: true } : {}),
  };
}

function isWrong(given: unknown, count: number | undefined): boolean {
  return given !== undefined && given !== null && count === undefined;
}

function errorOf(part: Record<string, unknown>): ProviderError {
  const text = (value: unknown, max: number) => (typeof value === 'string' ? value.slice(0, max) : undefined);
  return {
    class: errorClasses.has(String(part.class)) ? (part.class as ProviderErrorClass) : 'server',
    retryable: part.retryable === true,
    retryAfterMs: typeof part.retryAfterMs === 'number' ? part.retryAfterMs : undefined,
    status: Number.isSafeInteger(part.status) ? (part.status as number) : undefined,
    providerCode: text(part.providerCode, 200),
    message: text(part.message, 1000) ?? 'The provider gave no reason.',
    requestId: text(part.requestId, 200),
  };
}

function stringOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new BadPart(`${name} is not a string`);
  return value;
}

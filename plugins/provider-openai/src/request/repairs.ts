import { asText } from '../json.ts';
import type { RequestBody } from './body.ts';
import type { ErrorFacts } from '../errors/error-facts.ts';

/** Without these a request is none, however a server complains. */
const needed = new Set(['model', 'messages', 'stream']);
const refusals =
  /unsupported|not supported|does(?: not|n't) support|unrecognized|unknown (?:field|parameter|name)|not permitted|not allowed|only the default|extra fields|unexpected/i;

/**
 * The name of a field that a server refuses and that can go: reasoning models refuse `temperature`, old servers
 * `stream_options`, and nothing but their answer tells.
 */
export function refusedField(facts: ErrorFacts, body: RequestBody): string | undefined {
  const isRefusal =
    /^unsupported_(?:parameter|value)$|^unknown_parameter$/.test(facts.code ?? '') || refusals.test(facts.message);
  if (!isRefusal) return undefined;
  const named = asText(facts.param)?.split(/[.[]/, 1)[0];
  const candidates = Object.keys(body).filter((name) => !needed.has(name));
  if (named !== undefined && candidates.includes(named)) return named;
  // Without `param` the field stands somewhere in the sentence; the longest name first, for `max_tokens` is in others.
  return candidates
    .toSorted((a, b) => b.length - a.length)
    .find((name) => new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, '')}(?![\\w-])`).test(facts.message));
}

/** The body without a field; a token limit is not dropped but goes by its other name. */
export function withoutField(body: RequestBody, field: string): RequestBody {
  const { [field]: value, ...rest } = body;
  if (field === 'max_tokens') return { ...rest, max_completion_tokens: value };
  if (field === 'max_completion_tokens') return { ...rest, max_tokens: value };
  return rest;
}

/** Tools and the wanted shape of the answer are not ours to give up: without them the answer would be a wrong one. */
export function mayGo(field: string): boolean {
  return !['tools', 'tool_choice', 'response_format'].includes(field);
}

/** More refusals than this are no matter of single fields. */
export const mostRepairs = 4;
const mostRemembered = 500;
const remembered = new Map<string, Set<string>>();

/** What a model of a server refused before is not sent again. Says nothing about anybody, so it may outlive a call. */
export function rememberRefusal(url: string, model: string, field: string): void {
  const key = `${url} ${model}`;
  if (remembered.size >= mostRemembered) remembered.clear();
  const fields = remembered.get(key) ?? new Set();
  // Refused under both names: then the order of the two is unknown, and neither is worth remembering.
  if (field === 'max_tokens' && fields.delete('max_completion_tokens')) return;
  if (field === 'max_completion_tokens' && fields.delete('max_tokens')) return;
  remembered.set(key, fields.add(field));
}

export function withoutRefused(body: RequestBody, url: string, model: string): RequestBody {
  let kept = body;
  for (const field of remembered.get(`${url} ${model}`) ?? []) if (field in kept) kept = withoutField(kept, field);
  return kept;
}

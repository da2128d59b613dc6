import type { z } from 'zod';
import { CompletionRequest } from './completion-request.ts';
import { invalidRequest, unsupported } from './openai-error.ts';

/** Reads a request body; throws in OpenAI's shape, naming the path of the first thing that is wrong. */
export function parseCompletion(body: unknown): CompletionRequest {
  const parsed = CompletionRequest.safeParse(body);
  if (!parsed.success) throw describe(parsed.error);
  refuseWhatCannotBeHonoured(parsed.data);
  return parsed.data;
}

function describe(error: z.ZodError): Error {
  const issue = deepest(error.issues);
  const path = issue.path.map(String).join('.');
  return path === ''
    ? invalidRequest('The request body must be a JSON object.', null)
    : invalidRequest(`Invalid value for '${path}': ${issue.message}.`, path);
}

/** Of a union's complaints the one that went furthest in is what the caller meant. */
function deepest(issues: readonly z.core.$ZodIssue[]): { path: PropertyKey[]; message: string } {
  const [first] = issues;
  if (first === undefined) return { path: [], message: 'is not valid' };
  if (first.code !== 'invalid_union') return first;
  const inner = first.errors
    .map(deepest)
    .toSorted((a, b) => b.path.length - a.path.length)
    .at(0);
  return inner === undefined || inner.path.length === 0
    ? first
    : { path: [...first.path, ...inner.path], message: inner.message };
}

function refuseWhatCannotBeHonoured(request: CompletionRequest): void {
  if (request.n !== undefined && request.n !== null && request.n !== 1) {
    throw unsupported('n', "Only one choice per request can be made: 'n' must be 1.");
  }
  if (request.logprobs === true) throw unsupported('logprobs', "'logprobs' is not supported.");
  if (request.modalities?.some((one) => one !== 'text') === true) {
    throw unsupported('modalities', "Only the modality 'text' is supported.");
  }
  if (request.audio !== undefined && request.audio !== null) throw unsupported('audio', "'audio' is not supported.");
  if (request.functions !== undefined && request.functions !== null) {
    throw unsupported('functions', "'functions' is the old form: use 'tools'.");
  }
}

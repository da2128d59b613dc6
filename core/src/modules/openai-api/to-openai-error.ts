import type { TurnFailure } from '@parley/sdk/contract';
import type { Context } from 'koa';
import { toProblem } from '../../http/problem.ts';
import { OpenAiError } from './openai-error.ts';
import { openAiRefusalHeaders } from './rate-limit-headers.ts';

type Kind = readonly [status: number, type: string, code: string];

/** Refusals before a turn exists, by our own code. Those not named keep it, with a type by their status. */
const refusals: Record<string, Kind> = {
  'auth.required': [401, 'invalid_request_error', 'invalid_api_key'],
  'auth.invalid-key': [401, 'invalid_request_error', 'invalid_api_key'],
  'auth.scope-missing': [403, 'invalid_request_error', 'insufficient_permissions'],
  'account.suspended': [403, 'invalid_request_error', 'account_suspended'],
  'model.not-found': [404, 'invalid_request_error', 'model_not_found'],
  'model.none': [404, 'invalid_request_error', 'model_not_found'],
  'limit.exceeded': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  'limits.requests-per-minute': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  'limits.requests-per-day': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  'limits.tokens-per-day': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  'limits.model-not-allowed': [403, 'invalid_request_error', 'model_not_allowed'],
  // As OpenAI says it: 429, and not to be tried again before something has changed.
  'credits.insufficient': [429, 'insufficient_quota', 'insufficient_quota'],
  'credits.day-cap': [429, 'insufficient_quota', 'insufficient_quota'],
  'credits.conversation-cap': [429, 'insufficient_quota', 'insufficient_quota'],
  'limits.open-turns': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  // 409 would make clients try again by themselves, with the same body and the same answer.
  'turn.id-reused': [422, 'invalid_request_error', 'idempotency_key_reused'],
  'not-found': [404, 'invalid_request_error', 'not_found'],
};

/** How a turn failed, by its code; the words are the failure's own. */
const failures: Record<string, Kind> = {
  'provider.auth': [502, 'server_error', 'provider_auth'],
  'provider.quota': [502, 'server_error', 'provider_quota'],
  'provider.rate_limit': [429, 'rate_limit_error', 'rate_limit_exceeded'],
  'provider.overloaded': [503, 'server_error', 'overloaded'],
  'provider.server': [502, 'server_error', 'provider_error'],
  'provider.timeout': [504, 'server_error', 'timeout'],
  'provider.interrupted': [502, 'server_error', 'provider_interrupted'],
  'provider.filtered': [400, 'invalid_request_error', 'content_filter'],
  'provider.bad_request': [400, 'invalid_request_error', 'provider_refused'],
  'provider.context_length': [400, 'invalid_request_error', 'context_length_exceeded'],
  'context.too-long': [400, 'invalid_request_error', 'context_length_exceeded'],
  'model.unavailable': [404, 'invalid_request_error', 'model_not_found'],
  'moderation.blocked': [403, 'invalid_request_error', 'content_filter'],
  'plugin.failed': [502, 'server_error', 'plugin_failed'],
  'plugin.hook-failed': [502, 'server_error', 'plugin_failed'],
};

/** Seconds to wait where a failure does not say. */
const defaultRetrySeconds = 5;

/** Anything that was thrown, in OpenAI's shape. */
export function toOpenAiError(error: unknown, requestId: string): { answer: OpenAiError; unexpected: boolean } {
  if (error instanceof OpenAiError) return { answer: error, unexpected: false };
  const { problem, unexpected } = toProblem(error, requestId);
  const [status, type, code] = refusals[problem.code] ?? [problem.status, typeOf(problem.status), problem.code];
  const waits = problem.retryAfter === undefined ? {} : retryHeaders(problem.retryAfter);
  const headers = { ...waits, ...openAiRefusalHeaders(problem) };
  return { answer: new OpenAiError(status, { message: problem.detail, type, code }, headers), unexpected };
}

/** A turn that failed. `x-should-retry` keeps clients from repeating what an admin must mend first. */
export function failureError(failure: TurnFailure): OpenAiError {
  const [status, type, code] = failures[failure.code] ?? [500, 'server_error', failure.code];
  const waits = status === 429 || status === 503 ? retryHeaders(defaultRetrySeconds) : {};
  const headers = { 'x-should-retry': String(failure.retryable), ...waits };
  return new OpenAiError(status, { message: failure.detail, type, code }, headers);
}

export function sendError(ctx: Context, error: OpenAiError): void {
  for (const [name, value] of Object.entries(error.headers)) ctx.set(name, value);
  ctx.status = error.status;
  ctx.type = 'application/json';
  ctx.body = JSON.stringify(error.body);
}

function typeOf(status: number): string {
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

function retryHeaders(seconds: number): Record<string, string> {
  const whole = Math.max(1, Math.ceil(seconds));
  return { 'Retry-After': String(whole), 'retry-after-ms': String(Math.round(seconds * 1000)) };
}

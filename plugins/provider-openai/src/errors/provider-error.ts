import type { ProviderErrorClass, ProviderPart } from '@parley/sdk/plugin';
import { classify } from './classify.ts';
import type { ErrorFacts } from './error-facts.ts';
import { retryAfterMs } from './retry-after.ts';

export type ErrorPart = Extract<ProviderPart, { type: 'error' }>;

const worthRepeating: ReadonlySet<ProviderErrorClass> = new Set([
  'rate_limit',
  'overloaded',
  'server',
  'timeout',
  'interrupted',
]);
const longestMessageChars = 500;

export function errorPart(
  errorClass: ProviderErrorClass,
  message: string,
  more: Partial<Omit<ErrorPart, 'type' | 'class' | 'message'>> = {},
): ErrorPart {
  return {
    type: 'error',
    class: errorClass,
    retryable: worthRepeating.has(errorClass),
    message: withoutKeys(message).slice(0, longestMessageChars),
    ...more,
  };
}

/** Of an answer: the status is 200 for errors that come in the middle of a stream. */
export function answerError(
  facts: ErrorFacts,
  answer: { status: number; headers?: Headers },
  now = Date.now(),
): ErrorPart {
  const { status, headers } = answer;
  const wait = retryAfterMs(headers, facts, now);
  const requestId = ['x-request-id', 'request-id', 'x-generation-id', 'apim-request-id']
    .map((name) => headers?.get(name))
    .find((id) => id != null && id !== '');
  const code = facts.code ?? (facts.number === undefined ? undefined : String(facts.number));
  const said = facts.message === '' ? 'nothing' : facts.message;
  return errorPart(classify(facts, status), `The server answered ${status}: ${said}`, {
    ...retryWish(headers),
    ...(wait !== undefined && { retryAfterMs: wait }),
    status: httpStatus(status, facts.number),
    ...(code !== undefined && { providerCode: code.slice(0, 100) }),
    ...(requestId != null && { requestId: requestId.slice(0, 200) }),
  });
}

/** In the middle of a stream the body may know better than the 200 it began with. */
function httpStatus(status: number, told: number | undefined): number {
  return status < 400 && told !== undefined && told >= 400 && told < 600 ? told : status;
}

function retryWish(headers: Headers | undefined): { retryable?: boolean } {
  const wish = headers?.get('x-should-retry');
  return wish === 'true' || wish === 'false' ? { retryable: wish === 'true' } : {};
}

/** Servers repeat the key they were given, and this text ends up in a log. */
function withoutKeys(message: string): string {
  return message
    .replace(/\b(?:sk|pk|rk|gsk|xai|key)-[\w*-]{6,}/gi, '[key]')
    .replace(/\bBearer\s+[\w.~+/=*-]{6,}/gi, 'Bearer [key]');
}

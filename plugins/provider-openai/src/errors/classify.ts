import type { ProviderErrorClass } from '@parley/sdk/plugin';
import { asArray, asObject, asText } from '../json.ts';
import type { ErrorFacts } from './error-facts.ts';

const byCode: readonly [RegExp, ProviderErrorClass][] = [
  [/^(?:context_length_exceeded|model_max_prompt_tokens_exceeded|exceed_context_size_error)$/i, 'context_length'],
  [
    /insufficient_(?:quota|balance|credits?|funds)|credit_balance|billing|spend_limit|spending_limit|usage_limit|quota_exceeded|payment_required|arrearage/i,
    'quota',
  ],
  [
    /content_?filter|content_policy|moderation|responsible_?ai|data_?inspection|sensitive|safety|prohibited_content|refusal/i,
    'filtered',
  ],
  [/^(?:server_is_)?overloaded|overloaded_error|slow_down|engine_overloaded|unavailable|capacity/i, 'overloaded'],
  [/rate_?limit|too_many_requests|throttl|^(?:tokens|requests)$/i, 'rate_limit'],
  [
    /invalid_api_key|api_key_invalid|authentication|unauthenticated|unauthorized|permission|account_deactivated|forbidden|invalid_token/i,
    'auth',
  ],
  [/timeout|deadline_exceeded|timed_out/i, 'timeout'],
  [
    /model_not_found|not_found|unsupported_|unknown_parameter|invalid_value|invalid_argument|missing_required/i,
    'bad_request',
  ],
  [/server_error|internal|api_error|bad_gateway|conflict_error|insufficient_system_resource/i, 'server'],
];

/** Sentences that say more than the code beside them. */
const byMessage: readonly [RegExp, ProviderErrorClass][] = [
  [
    /maximum context|context (?:length|window|size)|prompt is too long|too many (?:input )?tokens|reduce the length|input is too long|exceeds? the (?:model'?s? )?(?:context|maximum (?:context|number of tokens))/i,
    'context_length',
  ],
  [
    /credit balance is too low|exceeded your current quota|usage limits?\b|insufficient (?:balance|credits?|quota|funds)|out of credits?/i,
    'quota',
  ],
];

/** From general knowledge of MiniMax's table; what is not in here goes by "server". */
const miniMax: Readonly<Record<number, ProviderErrorClass>> = {
  1001: 'timeout',
  1002: 'rate_limit',
  1004: 'auth',
  1008: 'quota',
  1026: 'filtered',
  1027: 'filtered',
  1039: 'rate_limit',
  2013: 'bad_request',
  2049: 'auth',
};

/** The body's own word first, the status second: a 400 may be a full context, a 429 an empty purse. */
export function classify(facts: ErrorFacts, status: number): ProviderErrorClass {
  if (facts.isMiniMax) return miniMax[facts.number ?? 0] ?? 'server';
  const google = classifyGoogle(facts);
  if (google) return google;
  // OpenRouter refuses on behalf of its own moderation with the status of a wrong key.
  if ('flagged_input' in facts.metadata || 'reasons' in facts.metadata) return 'filtered';

  const mayBeAboutInput = status === 200 || status === 400 || status === 413 || status === 422 || status === 429;
  const words = [facts.code, facts.type].flatMap((word) => asText(word) ?? []);
  for (const word of words) {
    const match = byCode.find(([pattern]) => pattern.test(word))?.[1];
    if (match === 'bad_request' && mayBeAboutInput) return matchMessage(facts) ?? match;
    if (match) return match;
  }
  const said = mayBeAboutInput ? matchMessage(facts) : undefined;
  if (said) return said;
  const number = facts.number !== undefined && facts.number >= 400 && facts.number < 600 ? facts.number : undefined;
  return classifyStatus(status >= 400 ? status : number, words);
}

function matchMessage(facts: ErrorFacts): ProviderErrorClass | undefined {
  return byMessage.find(([pattern]) => pattern.test(facts.message))?.[1];
}

function classifyStatus(status: number | undefined, words: readonly string[]): ProviderErrorClass {
  if (status === undefined)
    return words.some((word) => /invalid_request|badrequest/i.test(word)) ? 'bad_request' : 'server';
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'quota';
  if (status === 408 || status === 504 || status === 522 || status === 524) return 'timeout';
  if (status === 429) return 'rate_limit';
  if (status === 503 || status === 529) return 'overloaded';
  // A conflict is a lock that will be gone in a moment.
  if (status === 409 || status >= 500) return 'server';
  return 'bad_request';
}

/** Google's words are general ones, the truth stands in the details. */
function classifyGoogle(facts: ErrorFacts): ProviderErrorClass | undefined {
  const details = facts.details.map(asObject);
  if (details.some((detail) => detail['reason'] === 'API_KEY_INVALID')) return 'auth';
  if (facts.code !== 'RESOURCE_EXHAUSTED') return undefined;
  const violations = details.flatMap((detail) => asArray(detail['violations'])).map(asObject);
  if (violations.some((violation) => /PerDay/i.test(String(violation['quotaId'])))) return 'quota';
  return details.some((detail) => 'retryDelay' in detail) ? 'overloaded' : 'rate_limit';
}

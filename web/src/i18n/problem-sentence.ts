import type { Problem } from '@parley/sdk/contract';
import { ApiError } from '@parley/sdk/client';
import { fieldSentence } from './field-sentence.ts';
import { formatCredits } from './format-credits.ts';
import { lookUp, t } from './i18n.svelte.ts';

/** Beyond it nobody counts seconds, and the sentence itself says until when. */
const longestCountS = 600;

/** What a failure says to a person. Our own sentence for its code, else the server's, which is safe to show. */
export function sentenceOf(error: unknown): string {
  return error instanceof ApiError ? problemSentence(error.problem) : t('errors.unknown');
}

export function problemSentence(problem: Problem): string {
  const seconds = problem.retryAfter === undefined ? {} : { seconds: Math.ceil(problem.retryAfter) };
  const own = lookUp('errors', problem.code, { ...dataOf(problem), ...seconds });
  const sentence = own ?? (problem.detail || t('errors.unknown'));
  return problem.retryAfter === undefined ||
    problem.retryAfter > longestCountS ||
    own?.includes(String(Math.ceil(problem.retryAfter)))
    ? sentence
    : `${sentence} ${t('errors.retry-in', { seconds: Math.ceil(problem.retryAfter) })}`;
}

/** Of money every figure is an amount. */
function dataOf({ code, data }: Problem): Record<string, unknown> {
  if (!code.startsWith('credits.')) return data ?? {};
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([name, value]) => [name, typeof value === 'number' ? formatCredits(value) : value]),
  );
}

/** Sentences by path of the field, for a refusal that names fields; empty for any other. */
export function fieldSentences(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const found: Record<string, string> = {};
  for (const field of error.problem.errors ?? []) found[field.path] ??= fieldSentence(field);
  return found;
}

/** These say only that fields are wrong, and which are is told apart from them. */
const ofFields = ['input.invalid', 'provider.settings-invalid', 'plugin.settings-invalid'];

/** What a refusal says as a whole, where the fields it names can't be shown. */
export function wholeSentence(error: unknown): string {
  const [first] = Object.values(fieldSentences(error));
  const isOfFields = error instanceof ApiError && ofFields.includes(error.problem.code);
  return isOfFields && first !== undefined ? first : sentenceOf(error);
}

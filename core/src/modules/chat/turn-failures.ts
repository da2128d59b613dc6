import type { TurnFailure } from '@parley/sdk/contract';
import type { ProviderErrorClass } from '@parley/sdk/plugin';
import { AppError } from '../../lib/app-error.ts';
import type { ProviderEnd } from '../providers/index.ts';

/**
 * Every way a turn can fail, with words that are safe to show: never the provider's own, which may quote keys and
 * prompts. The codes are for good; the web owns the sentence in each language.
 */
const failures = {
  'provider.auth': ['The provider refused our key. An admin has to look at the connection.', false],
  'provider.quota': ['The quota at the provider is used up. An admin has to look at the connection.', false],
  'provider.rate_limit': ['The provider takes no more requests for the moment. Try again shortly.', true],
  'provider.overloaded': ['The provider is overloaded. Try again shortly.', true],
  'provider.server': ['The provider had a fault. Try again.', true],
  'provider.timeout': ['The provider did not answer in time. Try again.', true],
  'provider.filtered': ["The provider's own filter stopped this reply.", false],
  'provider.context_length': ['The conversation is too long for this model.', false],
  'provider.interrupted': ['The connection to the provider broke off.', true],
  'provider.bad_request': ['The provider refused this request.', false],
  'model.unavailable': ['This model is not available any more. Choose another one.', false],
  'plugin.failed': ['A plugin failed.', true],
  'plugin.hook-failed': ['A plugin that must not be passed over failed.', true],
  'moderation.blocked': ['The text was stopped by moderation.', false],
  'context.too-long': ['The message is too long for this model.', false],
  internal: ['Something went wrong on our side. Try again.', true],
} as const satisfies Record<string, readonly [detail: string, retryable: boolean]>;
export type FailureCode = keyof typeof failures;

export function turnFailure(code: FailureCode, where: Partial<Pick<TurnFailure, 'plugin' | 'rule' | 'detail'>> = {}) {
  const [detail, retryable] = failures[code];
  return { code, detail, retryable, ...where } satisfies TurnFailure;
}

export function blockedFailure(by: { plugin: string; rule: string }): TurnFailure {
  return turnFailure('moderation.blocked', {
    ...by,
    detail: `Stopped by ${by.plugin} (rule ${by.rule}).`,
  });
}

const classCodes: Record<ProviderErrorClass, FailureCode> = {
  auth: 'provider.auth',
  quota: 'provider.quota',
  rate_limit: 'provider.rate_limit',
  overloaded: 'provider.overloaded',
  server: 'provider.server',
  timeout: 'provider.timeout',
  filtered: 'provider.filtered',
  context_length: 'provider.context_length',
  interrupted: 'provider.interrupted',
  bad_request: 'provider.bad_request',
};

export function providerFailure(end: ProviderEnd): TurnFailure {
  if (end.plugin !== null) return turnFailure('plugin.failed', { plugin: end.plugin });
  return turnFailure(end.error === null ? 'internal' : classCodes[end.error.class]);
}

/** Expected refusals keep their code and words; whatever else was thrown is our fault and says no more than that. */
export function failureOf(error: unknown): TurnFailure {
  if (!(error instanceof AppError)) return turnFailure('internal');
  const isListed = Object.hasOwn(failures, error.code);
  if (error.status >= 500 && !isListed) return turnFailure('internal');
  const { plugin, rule } = error.data;
  return {
    code: error.code,
    detail: error.message,
    retryable: isListed && failures[error.code as FailureCode][1],
    ...(typeof plugin === 'string' ? { plugin } : {}),
    ...(typeof rule === 'string' ? { rule } : {}),
  };
}

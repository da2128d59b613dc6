import type { Language } from '@parley/sdk/contract';
import { t } from '../../i18n/i18n.svelte.ts';
import { credentialProblems } from './sign-in.ts';

export interface Newcomer {
  nickname: string;
  email: string;
  password: string;
  language: Language;
  timeZone: string;
}

/** As the contract asks; the server checks again. */
export const passwordMinimum = 10;

export function passwordProblem(password: string): string | undefined {
  if (password === '') return t('fields.required');
  return password.length < passwordMinimum ? t('fields.too-short', { count: passwordMinimum }) : undefined;
}

export function newcomerProblems(newcomer: Newcomer): Record<string, string | undefined> {
  return {
    nickname: newcomer.nickname.trim() === '' ? t('fields.required') : undefined,
    ...credentialProblems(newcomer.email, newcomer.password),
    password: passwordProblem(newcomer.password),
  };
}

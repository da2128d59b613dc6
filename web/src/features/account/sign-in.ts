import { ApiError, http } from '../../api/http.ts';
import { session } from '../../api/session.svelte.ts';
import { tellTabs } from '../../api/cross-tab.ts';
import { t } from '../../i18n/i18n.svelte.ts';

/** What is wrong with an address and a password before the server sees them. */
export function credentialProblems(email: string, password: string): Record<string, string | undefined> {
  return {
    email:
      email.trim() === '' ? t('fields.required') : /^\S+@\S+$/.test(email.trim()) ? undefined : t('fields.not-email'),
    password: password === '' ? t('fields.required') : undefined,
  };
}

export async function signIn(email: string, password: string): Promise<void> {
  const user = await http('POST /api/auth/sign-in', { body: { email, password } });
  // Another person than the one whose words are on the screen: start over.
  const replaced = session.user !== null && session.user.id !== user.id;
  session.enter(user);
  tellTabs({ type: 'signed-in', userId: user.id });
  if (replaced) location.assign('/');
}

/** A 401 here means wrong credentials, whatever it is called. */
export function isWrongCredentials(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status === 401;
}

/** Where a sign-in leads: only to addresses of this page, or a link could send people elsewhere. */
export function safeNext(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
  return next.startsWith('/') && url?.origin === location.origin ? url.pathname + url.search : '/';
}

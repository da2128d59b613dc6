import { ApiError } from '@parley/sdk/client';
import type { Preferences, User } from '@parley/sdk/contract';
import type { RouteRequest } from '@parley/sdk/client';
import { http } from './http.ts';
import { session } from './session.svelte.ts';
import { tellTabs } from './cross-tab.ts';

export type ProfileChange = NonNullable<RouteRequest<'PATCH /api/me'>['body']>;

/** The values a new account starts with; kept equal to the contract's by a test, as the contract may not enter the bundle. */
export const defaultPreferences: Preferences = {
  sendKey: 'enter',
  chatSize: 16,
  announcements: 'finished',
  singleKeys: true,
  smoothReveal: false,
};

export function preferences(): Preferences {
  return session.user?.preferences ?? defaultPreferences;
}

/** Finds out who is signed in; nobody is no error. */
export async function loadMe(): Promise<User | null> {
  try {
    const user = await http('GET /api/me');
    session.enter(user);
    return user;
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 401) return null;
    throw error;
  }
}

export async function changeMe(change: ProfileChange): Promise<User> {
  const user = await http('PATCH /api/me', { body: change });
  session.enter(user);
  return user;
}

export async function signOut(): Promise<void> {
  await http('POST /api/auth/sign-out');
  tellTabs({ type: 'signed-out' });
  session.leave();
}

import type { User } from '@parley/sdk/contract';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defaultPreferences } from './me.ts';
import { http } from './http.ts';
import { session } from './session.svelte.ts';

const ada = { id: 'a', nickname: 'Ada', role: 'user', preferences: defaultPreferences } as User;
const answer = (status: number) =>
  new Response(JSON.stringify({ code: status === 401 ? 'auth.required' : 'x', status, detail: '' }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });

// The client takes `fetch` when it is made, which is before any test.
const fetched = vi.hoisted(() => {
  const replaced = vi.fn<typeof fetch>();
  globalThis.fetch = replaced;
  return replaced;
});

describe('a session', () => {
  beforeEach(() => session.leave());
  afterEach(() => fetched.mockReset());

  test('expires when a call is answered with 401, and what is known of the user stays', async () => {
    session.enter(ada);
    fetched.mockResolvedValue(answer(401));
    await expect(http('GET /api/me')).rejects.toMatchObject({ code: 'auth.required' });
    expect(session.state).toBe('expired');
    expect(session.user?.nickname).toBe('Ada');
  });

  test('stays through other refusals', async () => {
    session.enter(ada);
    fetched.mockResolvedValue(answer(403));
    await expect(http('GET /api/me')).rejects.toMatchObject({ problem: { status: 403 } });
    expect(session.state).toBe('signed-in');
  });

  test('does not expire for somebody who is not signed in', async () => {
    fetched.mockResolvedValue(answer(401));
    await expect(http('GET /api/me')).rejects.toMatchObject({ problem: { status: 401 } });
    expect(session.state).toBe('signed-out');
  });

  test('tells each change once', () => {
    const heard: string[] = [];
    const stop = session.onChange((state) => heard.push(state));
    session.enter(ada);
    session.enter({ ...ada, nickname: 'Countess' });
    session.expire();
    session.expire();
    session.enter(ada);
    session.leave();
    stop();
    session.enter(ada);
    expect(heard).toEqual(['signed-in', 'expired', 'signed-in', 'signed-out']);
  });
});

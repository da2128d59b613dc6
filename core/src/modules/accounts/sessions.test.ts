import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHttpClient } from '@parley/sdk/client';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { problemOf } from '../../testing/problem-of.ts';

let parley: TestApp;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
});
afterAll(() => parley.stop());

const signIn = (email: string, password: string, cookie?: string) =>
  fetch(`${parley.url}/api/auth/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify({ email, password }),
  });
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]!.split(';')[0]!;
const clientWith = (cookie: string) => createHttpClient({ baseUrl: parley.url, headers: { cookie } });

describe('signing in', () => {
  test('sets a cookie that scripts and other sites cannot use, new each time', async () => {
    const user = await parley.users.create();
    const first = await signIn(user.email.toUpperCase(), user.password);
    expect(first.headers.getSetCookie()[0]).toMatch(
      /^parley_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    );
    const second = await signIn(user.email, user.password, cookieOf(first));
    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect(await problemOf(clientWith(cookieOf(first))('GET /api/me'))).toMatchObject({ code: 'auth.required' });
    expect(await clientWith(cookieOf(second))('GET /api/me')).toMatchObject({ id: user.id });
  });

  test('tells a wrong password and an unknown address apart in nothing', async () => {
    const user = await parley.users.create();
    const wrong = await signIn(user.email, 'not the password');
    const unknown = await signIn('nobody-at-all@example.com', 'not the password');
    const [a, b] = await Promise.all(
      [wrong, unknown].map(async (answer) => ({ ...((await answer.json()) as object), requestId: '' })),
    );
    expect([wrong.status, a]).toEqual([unknown.status, b]);
    expect(a).toMatchObject({ status: 401, code: 'auth.wrong-credentials' });
  });

  test('keeps no token and no password in the database', async () => {
    const user = await parley.users.create();
    const token = cookieOf(await signIn(user.email, user.password)).split('=')[1]!;
    const { rows } = await parley.app.platform.database.pool.query(
      'select u.password_hash, s.token_hash from users u join sessions s on s.user_id = u.id where u.id = $1',
      [user.id],
    );
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('is slowed down for one account after five wrong passwords, from wherever they come', async () => {
    const user = await parley.users.create();
    const codes: unknown[] = [];
    let retryAfter = 0;
    // Each pause is twice as long as the one before: a machine that is slow enough to wait for some cannot wait for all.
    while (codes.at(-1) !== 'auth.too-many-attempts' && codes.length < 12) {
      const response = await signIn(user.email, 'guess number one');
      codes.push(((await response.json()) as { code: string }).code);
      retryAfter = Number(response.headers.get('retry-after'));
    }
    expect(codes.slice(0, 6).every((code) => code === 'auth.wrong-credentials')).toBe(true);
    expect(codes.at(-1)).toBe('auth.too-many-attempts');
    expect(retryAfter).toBeGreaterThan(0);
  });
});

describe('sessions', () => {
  test('are listed with device and last use, and end one by one', async () => {
    const user = await parley.users.create();
    const other = await parley.users.signIn(user);
    const http = parley.http(user);
    const sessions = await http('GET /api/me/sessions');
    expect(sessions.filter((session) => session.current)).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ device: 'test', address: '127.0.0.1' });
    const elsewhere = sessions.find((session) => !session.current)!;
    await http('DELETE /api/me/sessions/:id', { params: { id: elsewhere.id } });
    expect(await problemOf(parley.http(other)('GET /api/me'))).toMatchObject({ code: 'auth.required' });
    expect(await http('GET /api/me/sessions')).toHaveLength(1);
  });

  test('signing out ends this one, signing out everywhere all', async () => {
    const user = await parley.users.create();
    const [a, b, c] = [
      await parley.users.signIn(user),
      await parley.users.signIn(user),
      await parley.users.signIn(user),
    ];
    await parley.http(a)('POST /api/auth/sign-out');
    expect(await problemOf(parley.http(a)('GET /api/me'))).toMatchObject({ code: 'auth.required' });
    expect(await parley.http(b)('GET /api/me')).toMatchObject({ id: user.id });
    await parley.http(b)('POST /api/auth/sign-out-everywhere');
    for (const gone of [user, b, c])
      expect(await problemOf(parley.http(gone)('GET /api/me'))).toMatchObject({ code: 'auth.required' });
  });

  test('run out', async () => {
    const user = await parley.users.create();
    await parley.app.platform.database.pool.query(
      `update sessions set expires_at = now() - interval '1 second' where user_id = $1`,
      [user.id],
    );
    expect(await problemOf(parley.http(user)('GET /api/me'))).toMatchObject({ code: 'auth.required' });
    await Promise.all(parley.app.modules.accounts.jobs.map((job) => job.run(new AbortController().signal)));
    const { rowCount } = await parley.app.platform.database.pool.query('select from sessions where user_id = $1', [
      user.id,
    ]);
    expect(rowCount).toBe(0);
  });

  test('a use moves the end, at most once a minute', async () => {
    const user = await parley.users.create();
    const { pool } = parley.app.platform.database;
    await pool.query(
      `update sessions set last_used_at = now() - interval '2 minutes', expires_at = now() + interval '1 day' where user_id = $1`,
      [user.id],
    );
    await parley.http(user)('GET /api/me');
    await vi.waitFor(
      async () => {
        const { rows } = await pool.query(
          `select last_used_at > now() - interval '1 minute' as used, expires_at > now() + interval '29 days' as moved from sessions where user_id = $1`,
          [user.id],
        );
        expect(rows).toEqual([{ used: true, moved: true }]);
      },
      { timeout: 60_000 },
    );
  });
});

describe('changing the password', () => {
  test('needs the current one, and ends the other sessions and their sockets', async () => {
    const user = await parley.users.create();
    const other = await parley.users.signIn(user);
    const socket = await parley.socket(other);
    const ended = new Promise((resolve) => socket.on('session:ended', resolve));
    const http = parley.http(user);
    const wrong = { current: 'not this one', next: 'another good password' };
    expect(await problemOf(http('POST /api/me/password', { body: wrong }))).toMatchObject({
      status: 422,
      code: 'account.wrong-password',
      errors: [{ path: 'current' }],
    });
    await http('POST /api/me/password', { body: { current: user.password, next: 'another good password' } });
    expect(await ended).toEqual({ reason: 'password-changed' });
    expect(await http('GET /api/me')).toMatchObject({ id: user.id });
    expect(await problemOf(parley.http(other)('GET /api/me'))).toMatchObject({ code: 'auth.required' });
    expect((await signIn(user.email, user.password)).status).toBe(401);
    expect((await signIn(user.email, 'another good password')).status).toBe(200);
  });
});

test('a changed profile is told to every tab', async () => {
  const user = await parley.users.create();
  const socket = await parley.socket(user);
  const heard = new Promise((resolve) => socket.on('me:changed', resolve));
  await parley.http(user)('PATCH /api/me', { body: { theme: 'dark', preferences: { chatSize: 18 } } });
  expect(await heard).toMatchObject({ theme: 'dark', preferences: { chatSize: 18, sendKey: 'enter' } });
  expect(await parley.app.modules.accounts.profiles.get(user.id)).toEqual({
    nickname: 'Robin',
    language: 'en',
    timeZone: 'UTC',
  });
});

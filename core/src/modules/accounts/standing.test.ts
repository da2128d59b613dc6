import { randomUUID } from 'node:crypto';
import type { ParleySocket } from '@parley/sdk/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { eventually } from '../../testing/eventually.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { problemOf } from '../../testing/problem-of.ts';

let parley: TestApp;
/** Shares the database and nothing else: it hears of changes through the change feed alone. */
let elsewhere: TestApp;
let admin: TestUser;
let user: TestUser;
beforeAll(async () => {
  parley = await createTestApp();
  elsewhere = await createTestApp({ withoutPlugins: true, databaseUrl: parley.databaseUrl });
  admin = await parley.users.createAdmin();
});
beforeEach(async () => {
  user = await parley.users.create();
});
afterAll(async () => {
  await elsewhere.stop();
  await parley.stop();
});

const http: TestApp['http'] = (as = admin) => parley.http(as);
const suspend = (id = user.id, reason = 'sends spam') =>
  http()('POST /api/admin/users/:id/suspend', { params: { id }, body: { reason } });
const unsuspend = (id = user.id) =>
  http()('POST /api/admin/users/:id/unsuspend', { params: { id }, body: { reason: 'was a mistake' } });
const setRole = (id: string, role: 'user' | 'admin', as = admin) =>
  http(as)('PUT /api/admin/users/:id/role', { params: { id }, body: { role } });
const signIn = () => parley.http()('POST /api/auth/sign-in', { body: { email: user.email, password: user.password } });
const onRecord = async (id = user.id) =>
  (await http()('GET /api/admin/audit', { query: { targetType: 'user', targetId: id } })).items;
const endOf = (socket: ParleySocket) =>
  new Promise((resolve) => socket.on('session:ended', ({ reason }) => resolve(reason)));

describe('suspending', () => {
  test('ends every session and socket at once, here and on other instances', async () => {
    const sockets = [await parley.socket(user), await elsewhere.socket(await parley.users.signIn(user))];
    const [here, there] = sockets.map(endOf);
    const closed = sockets.map((socket) => new Promise((resolve) => socket.on('disconnect', resolve)));
    expect(await suspend()).toMatchObject({
      suspendedAt: expect.any(String),
      suspensionReason: 'sends spam',
      sessions: 0,
    });
    expect(await here).toBe('suspended');
    // Without Redis the reason stays here; that the session has ended arrives.
    expect(await there).toMatch(/suspended|revoked/);
    await Promise.all(closed);
    expect(await problemOf(http(user)('GET /api/me'))).toMatchObject({ status: 401, code: 'auth.required' });
    expect(await problemOf(elsewhere.http(user)('GET /api/me'))).toMatchObject({ status: 401 });
  });

  test('bars sign-in, and says so to whoever knows the password only', async () => {
    await suspend();
    expect(await problemOf(signIn())).toMatchObject({ status: 403, code: 'account.suspended' });
    const wrong = { email: user.email, password: 'not the password' };
    expect(await problemOf(parley.http()('POST /api/auth/sign-in', { body: wrong }))).toMatchObject({
      code: 'auth.wrong-credentials',
    });
  });

  test('makes a session worthless that a sign-in opened at the same moment', async () => {
    await suspend();
    const late = await parley.users.signIn(user);
    expect(await problemOf(http(late)('GET /api/me'))).toMatchObject({ status: 401 });
    await expect(parley.socket(late)).rejects.toMatchObject({ message: 'auth.required' });
  });

  test('refuses API keys in the shape of each surface, also those seen a moment ago', async () => {
    const key = await parley.users.createApiKey(user);
    await parley.httpWithKey(key)('GET /api/me');
    await elsewhere.httpWithKey(key)('GET /api/me');
    await suspend();
    expect(await problemOf(parley.httpWithKey(key)('GET /api/me'))).toMatchObject({
      status: 403,
      code: 'account.suspended',
    });
    await eventually(() => problemOf(elsewhere.httpWithKey(key)('GET /api/me'))).toMatchObject({ status: 403 });
    const models = await fetch(`${parley.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect([models.status, await models.json()]).toMatchObject([
      403,
      { error: { type: 'invalid_request_error', code: 'account_suspended' } },
    ]);
  });

  test('stops the replies that are being written', async () => {
    const conversation = await http(user)('POST /api/conversations', { body: {} });
    await http(user)('POST /api/conversations/:id/turns', {
      params: { id: conversation.id },
      body: { text: '/hang', clientTurnId: randomUUID() },
    });
    const states = async () => {
      const { pool } = parley.app.platform.database;
      return (await pool.query('select state from turn where user_id = $1', [user.id])).rows;
    };
    await suspend();
    await vi.waitFor(async () => expect(await states()).toEqual([{ state: 'stopped' }]), { timeout: 60_000 });
  });

  test('is taken back with everything but the sessions', async () => {
    const key = await parley.users.createApiKey(user);
    await suspend();
    expect(await unsuspend()).toMatchObject({ suspendedAt: null, suspensionReason: null, apiKeys: 1 });
    expect(await parley.httpWithKey(key)('GET /api/me')).toMatchObject({ id: user.id });
    expect(await signIn()).toMatchObject({ id: user.id });
    expect(await problemOf(http(user)('GET /api/me'))).toMatchObject({ status: 401 });
  });

  test('happens once: the second of two is told, and only one is on record', async () => {
    const tries = await Promise.all([1, 2, 3].map(() => problemOf(suspend())));
    expect(tries.flatMap((problem) => problem?.code ?? [])).toEqual([
      'user.already-suspended',
      'user.already-suspended',
    ]);
    expect(await onRecord()).toMatchObject([
      { action: 'user.suspended', actor: { id: admin.id }, reason: 'sends spam', data: { sessions: 1 } },
    ]);
    await unsuspend();
    expect(await problemOf(unsuspend())).toMatchObject({ status: 409, code: 'user.not-suspended' });
    expect((await onRecord()).map((entry) => entry.action)).toEqual(['user.unsuspended', 'user.suspended']);
  });

  test('wants a reason and somebody who exists', async () => {
    expect(await problemOf(suspend(user.id, '  '))).toMatchObject({ status: 422, errors: [{ path: 'reason' }] });
    expect(await problemOf(suspend(randomUUID()))).toMatchObject({ status: 404, code: 'user.not-found' });
  });
});

test('signing somebody out ends his sessions and leaves his keys', async () => {
  const key = await parley.users.createApiKey(user);
  const socket = await parley.socket(user);
  const ended = endOf(socket);
  const params = { id: user.id };
  expect(await http()('POST /api/admin/users/:id/sign-out', { params, body: {} })).toMatchObject({ sessions: 0 });
  expect(await ended).toBe('revoked');
  expect(await problemOf(http(user)('GET /api/me'))).toMatchObject({ status: 401 });
  expect(await parley.httpWithKey(key)('GET /api/me')).toMatchObject({ id: user.id });
  expect(await signIn()).toMatchObject({ id: user.id });
  expect(await onRecord()).toMatchObject([{ action: 'user.signed-out', reason: null, data: { sessions: 1 } }]);
});

describe('the role', () => {
  test('holds from the next request on, in both directions, and every tab hears of it', async () => {
    const socket = await parley.socket(user);
    const heard = new Promise((resolve) => socket.once('me:changed', resolve));
    expect(await problemOf(http(user)('GET /api/admin/users'))).toMatchObject({ code: 'auth.forbidden' });
    await setRole(user.id, 'admin');
    expect(await heard).toMatchObject({ id: user.id, role: 'admin' });
    await http(user)('GET /api/admin/users');
    await setRole(user.id, 'admin');
    await setRole(user.id, 'user');
    expect(await problemOf(http(user)('GET /api/admin/users'))).toMatchObject({ code: 'auth.forbidden' });
    expect((await onRecord()).map((entry) => entry.data)).toEqual([
      { changes: { role: { from: 'admin', to: 'user' } } },
      { changes: { role: { from: 'user', to: 'admin' } } },
    ]);
  });

  test('of the last admin stays, whoever tries at once', async () => {
    const second = await parley.users.createAdmin();
    const third = await parley.users.createAdmin();
    // Only those who are not suspended count.
    await suspend(third.id);
    const tries = await Promise.all([
      problemOf(setRole(second.id, 'user', admin)),
      problemOf(setRole(admin.id, 'user', second)),
    ]);
    const { rows } = await parley.app.platform.database.pool.query(
      `select id from users where role = 'admin' and suspended_at is null`,
    );
    expect(rows).toHaveLength(1);
    const left = rows[0].id === admin.id ? admin : second;
    expect(tries.filter((problem) => problem !== null)).toHaveLength(1);
    const last = { status: 409, code: 'user.last-admin' };
    expect(await problemOf(setRole(left.id, 'user', left))).toMatchObject(last);
    const suicide = http(left)('POST /api/admin/users/:id/suspend', { params: { id: left.id }, body: { reason: 'x' } });
    expect(await problemOf(suicide)).toMatchObject(last);
    admin = left;
  });
});

describe('the directory', () => {
  const list = (query: Record<string, unknown>) => http()('GET /api/admin/users', { query });

  test('finds by any part of name or address, whatever its case, and takes no patterns', async () => {
    const mark = randomUUID().slice(0, 8);
    const found = await parley.users.create({ nickname: `Mira_${mark}`, email: `someone+${mark}@example.com` });
    for (const q of [`mira_${mark}`, `ONE+${mark}`, mark.toUpperCase()]) {
      expect((await list({ q })).items.map(({ id }) => id)).toEqual([found.id]);
    }
    expect((await list({ q: `mira%${mark}` })).items).toEqual([]);
  });

  test('is narrowed by role and suspension, and comes page by page', async () => {
    const mark = randomUUID().slice(0, 8);
    const made: TestUser[] = [];
    for (let count = 0; count < 5; count++) made.push(await parley.users.create({ nickname: `P ${mark}` }));
    await suspend(made[1]!.id);
    await setRole(made[3]!.id, 'admin');
    const ids = async (query: Record<string, unknown>) => (await list({ q: mark, ...query })).items.map(({ id }) => id);
    expect(await ids({ suspended: 'true' })).toEqual([made[1]!.id]);
    expect(await ids({ suspended: 'false' })).toHaveLength(4);
    await parley.app.platform.database.pool.query(`update users set tier_id = 'pro' where id = $1`, [made[2]!.id]);
    expect(await ids({ tier: 'pro' })).toEqual([made[2]!.id]);
    expect(await ids({ role: 'admin' })).toEqual([made[3]!.id]);
    const first = await list({ q: mark, limit: 3 });
    const second = await list({ q: mark, limit: 3, cursor: first.nextCursor! });
    expect([...first.items, ...second.items].map(({ id }) => id).toSorted()).toEqual(
      made.map(({ id }) => id).toSorted(),
    );
    expect(second.nextCursor).toBeNull();
    expect(await problemOf(list({ cursor: 'x' }))).toMatchObject({ status: 422, errors: [{ path: 'cursor' }] });
  });

  test('tells of one person what he holds, and when he was last there, without his secrets', async () => {
    const key = await parley.users.createApiKey(user);
    await parley.users.signIn(user);
    const detail = await http()('GET /api/admin/users/:id', { params: { id: user.id } });
    expect(detail).toMatchObject({
      id: user.id,
      role: 'user',
      tier: { id: 'free', name: 'Free' },
      sessions: 2,
      apiKeys: 1,
      lastSeenAt: expect.any(String),
    });
    expect(JSON.stringify(detail)).not.toMatch(new RegExp(`argon2|${key}`));
    const { pool } = parley.app.platform.database;
    await pool.query(`update users set last_seen_at = null where id = $1`, [user.id]);
    await parley.httpWithKey(key)('GET /api/me');
    await vi.waitFor(
      async () =>
        expect(await http()('GET /api/admin/users/:id', { params: { id: user.id } })).toMatchObject({
          lastSeenAt: expect.any(String),
        }),
      { timeout: 60_000 },
    );
    expect(await problemOf(http()('GET /api/admin/users/:id', { params: { id: randomUUID() } }))).toMatchObject({
      status: 404,
      code: 'user.not-found',
    });
  });
});

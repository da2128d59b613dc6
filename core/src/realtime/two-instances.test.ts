import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp } from '../testing/create-test-app.ts';
import type { TestUser } from '../testing/factories/users.ts';
import { problemOf } from '../testing/problem-of.ts';
import { startTestRedis, type StartedService } from '../testing/services/index.ts';

let redis: StartedService;
let one: TestApp;
let two: TestApp;
let user: TestUser;

beforeAll(async () => {
  redis = await startTestRedis();
  one = await createTestApp({ withoutPlugins: true, config: { redisUrl: redis.url } });
  two = await createTestApp({ withoutPlugins: true, config: { redisUrl: redis.url }, databaseUrl: one.databaseUrl });
  user = await one.users.create();
});
afterAll(async () => {
  await two.stop();
  await one.stop();
  await redis.stop();
});

const room = () => `user:${user.id}` as const;

describe('two instances on one Redis', () => {
  test('what one says is heard once on both, in order', async () => {
    const heard: Record<string, string[]> = { one: [], two: [] };
    (await one.socket(user)).on('conversation:deleted', ({ id }) => heard.one!.push(id));
    (await two.socket(user)).on('conversation:deleted', ({ id }) => heard.two!.push(id));
    const ids = Array.from({ length: 50 }, (_, index) => String(index));
    for (const id of ids) one.app.realtime.broadcaster.emit(room(), 'conversation:deleted', { id, revision: 1 });
    await vi.waitFor(() => expect(heard).toEqual({ one: ids, two: ids }), { timeout: 60_000 });
  });

  test('what is said locally stays there', async () => {
    const heard: string[] = [];
    (await two.socket(user)).on('conversation:deleted', ({ id }) => heard.push(id));
    one.app.realtime.broadcaster.emitLocal(room(), 'conversation:deleted', { id: 'local', revision: 1 });
    one.app.realtime.broadcaster.emit(room(), 'conversation:deleted', { id: 'everywhere', revision: 1 });
    await vi.waitFor(() => expect(heard).toEqual(['everywhere']), { timeout: 60_000 });
  });

  test('a session ended on one is ended on the other, its sockets too', async () => {
    const session = await one.users.signIn(user);
    expect(await two.http(session)('GET /api/me')).toMatchObject({ id: user.id });
    const socket = await two.socket(session);
    const ended = new Promise((resolve) => socket.once('session:ended', resolve));
    await one.http(session)('POST /api/auth/sign-out');
    expect(await ended).toEqual({ reason: 'signed-out' });
    await vi.waitFor(
      async () => expect(await problemOf(two.http(session)('GET /api/me'))).toMatchObject({ code: 'auth.required' }),
      { timeout: 60_000 },
    );
  });

  test('why it was ended is known on the other too, though Redis takes its time', async () => {
    const person = await one.users.create();
    const socket = await two.socket(person);
    const ended = new Promise((resolve) => socket.once('session:ended', resolve));
    await one.app.platform.redis!.client.client('PAUSE', 300, 'WRITE');
    await one.app.modules.accounts.sessions.endOthers(person.id, null, 'password-changed');
    expect(await ended).toEqual({ reason: 'password-changed' });
  });

  test('a revoked key is refused everywhere at once', async () => {
    const http = one.http(user);
    const { key, id } = await http('POST /api/me/api-keys', { body: { name: 'k', scopes: ['read'] } });
    expect(await two.httpWithKey(key)('GET /api/me')).toMatchObject({ id: user.id });
    await http('DELETE /api/me/api-keys/:id', { params: { id } });
    await vi.waitFor(
      async () => expect(await problemOf(two.httpWithKey(key)('GET /api/me'))).toMatchObject({ status: 401 }),
      // Before it would be asked for again anyway.
      { timeout: 8_000 },
    );
  });

  test('a setting changed on one holds on the other', async () => {
    const admin = one.http(await one.users.createAdmin());
    await admin('PATCH /api/admin/settings', { body: { instanceName: 'Two of us' } });
    await vi.waitFor(
      async () => expect(await two.http()('GET /api/auth/policy')).toMatchObject({ instanceName: 'Two of us' }),
      { timeout: 60_000 },
    );
  });

  test('with Redis gone each instance goes on by itself, says so, finds back, and has clients read what they missed', async () => {
    const heard: Record<string, string[]> = { one: [], two: [] };
    const [stayed, missed] = [await one.socket(user), await two.socket(user)];
    const idBefore = stayed.id;
    stayed.on('conversation:deleted', ({ id }) => heard.one!.push(id));
    missed.on('conversation:deleted', ({ id }) => heard.two!.push(id));
    // Whoever connects reads everything again.
    const readAgain = new Promise<void>((resolve) => missed.once('connect', resolve));
    const port = Number(new URL(redis.url).port);
    await redis.stop();
    await vi.waitFor(
      () => expect([one.app.platform.redis?.isReady(), two.app.platform.redis?.isReady()]).toEqual([false, false]),
      { timeout: 60_000 },
    );
    one.app.realtime.broadcaster.emit(room(), 'conversation:deleted', { id: 'alone', revision: 1 });
    await vi.waitFor(() => expect(heard).toEqual({ one: ['alone'], two: [] }), { timeout: 60_000 });
    expect(await one.http(user)('GET /api/me')).toMatchObject({ id: user.id });
    const ready = (await (await fetch(`${one.url}/readyz`)).json()) as {
      ready: boolean;
      checks: { redis: { state: string } };
    };
    expect([ready.ready, ready.checks.redis.state]).toEqual([true, 'degraded']);

    redis = await startTestRedis(undefined, port);
    await vi.waitFor(
      () => expect([one.app.platform.redis?.isReady(), two.app.platform.redis?.isReady()]).toEqual([true, true]),
      { timeout: 60_000 },
    );
    await vi.waitFor(
      () => {
        one.app.realtime.broadcaster.emit(room(), 'conversation:deleted', { id: 'again', revision: 1 });
        expect(heard.two).toContain('again');
      },
      { timeout: 60_000, interval: 200 },
    );
    await readAgain;
    expect(stayed.id).toBe(idBefore);
  });
});

import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from './testing/create-test-app.ts';

let parley: TestApp;
beforeAll(async () => {
  parley = await createTestApp();
});
afterAll(() => parley.stop());

test('says that it lives and that it is ready, with the reasons', async () => {
  const alive = await fetch(`${parley.url}/healthz`);
  expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }]);
  const ready = await fetch(`${parley.url}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    ready: true,
    role: 'all',
    state: 'ok',
    checks: {
      database: { state: 'ok' },
      migrations: { state: 'ok' },
      changes: { state: 'ok' },
      redis: { state: 'off' },
    },
  });
});

test('a user of the factory is signed in over HTTP and over a socket', async () => {
  const user = await parley.users.create({ nickname: 'Mira' });
  expect(await parley.http(user)('GET /api/me')).toMatchObject({ id: user.id, nickname: 'Mira', role: 'user' });
  const socket = await parley.socket(user);
  expect(socket.connected).toBe(true);
});

test('a request that is on its way when the app stops still finds the database', async () => {
  const other = await createTestApp({ withoutPlugins: true });
  const { cookie } = await other.users.create();
  const headers = { cookie, 'content-type': 'application/json', expect: '100-continue' };
  const sending = request(`${other.url}/api/conversations`, { method: 'POST', headers });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    sending.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
  await new Promise((resolve) => sending.once('continue', resolve).flushHeaders());
  const stopped = other.stop();
  // The door is shut by now, so the stop is under way.
  const isOpen = () =>
    fetch(`${other.url}/healthz`).then(
      () => true,
      () => false,
    );
  await expect.poll(isOpen).toBe(false);
  sending.end('{}');
  expect(await answered).toBe(201);
  await stopped;
});

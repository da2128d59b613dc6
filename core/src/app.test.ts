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
    checks: { database: { state: 'ok' }, redis: { state: 'off' } },
  });
});

test('a user of the factory is signed in over HTTP and over a socket', async () => {
  const user = await parley.users.create({ nickname: 'Mira' });
  expect(await parley.http(user)('GET /api/me')).toMatchObject({ id: user.id, nickname: 'Mira', role: 'user' });
  const socket = await parley.socket(user);
  expect(socket.connected).toBe(true);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../testing/create-test-app.ts';
import type { TestUser } from '../testing/factories/users.ts';
import { startTestPostgres, type StartedService } from '../testing/services/index.ts';

let postgres: StartedService;
let parley: TestApp;
let user: TestUser;
beforeAll(async () => {
  postgres = await startTestPostgres();
  parley = await createTestApp({ withoutPlugins: true, databaseUrl: postgres.url });
  user = await parley.users.create();
});
afterAll(async () => {
  await parley.stop();
  await postgres.stop();
});

test('without its database everything that needs it says "not now", and nothing falls over', async () => {
  const socket = await parley.socket(user);
  await postgres.stop();

  const headers = { cookie: user.cookie, 'content-type': 'application/json' };
  const asks: [string, RequestInit][] = [
    ['/api/me', { headers }],
    ['/api/conversations', { headers }],
    ['/api/me', { method: 'PATCH', headers, body: '{"theme":"dark"}' }],
    ['/api/auth/sign-in', { method: 'POST', headers, body: '{"email":"a@example.com","password":"whatever it is"}' }],
  ];
  for (const [path, init] of asks) {
    const answer = await fetch(parley.url + path, init);
    expect([path, answer.status, answer.headers.get('retry-after')]).toEqual([path, 503, '5']);
    expect(await answer.json()).toMatchObject({ code: 'database.unavailable', status: 503 });
  }
  const body = { conversationId: user.id };
  expect(await socket.emitWithAck('conversation:join', { ...body, turns: [] })).toMatchObject({
    ok: false,
    error: { code: 'database.unavailable' },
  });
  expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${parley.url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { ready: false, checks: { database: { state: 'failing' } } },
  ]);
});

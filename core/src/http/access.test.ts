import { type RouteDefinition, routes } from '@parley/sdk/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../testing/create-test-app.ts';
import type { TestUser } from '../testing/factories/users.ts';

/** Every route of the contract, asked by those who may not. A new route is in this walk without anybody adding it. */
const table = Object.entries(routes as Record<string, RouteDefinition>).map(([name, definition]) => {
  const [method = '', path = ''] = name.split(' ');
  return { name, method, path, ...definition };
});
const someId = '01a1fc34-5c74-7fa3-9a79-8bc65f877279';

let parley: TestApp;
let owner: TestUser;
let stranger: TestUser;
/** Things of the owner that a path may name. */
let ids: Record<string, string>;

beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
  owner = await parley.users.create();
  stranger = await parley.users.create();
  const http = parley.http(owner);
  const [session] = await http('GET /api/me/sessions');
  const key = await http('POST /api/me/api-keys', { body: { name: 'mine' } });
  const conversation = await http('POST /api/conversations', { body: { title: 'mine' } });
  ids = { session: session!.id, key: key.id, conversation: conversation.id, nobody: someId };
});
afterAll(() => parley.stop());

async function ask(method: string, path: string, headers: Record<string, string>, id = someId) {
  const response = await fetch(parley.url + path.replace(/:\w+/g, id), {
    method,
    headers: { ...headers, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    body: method === 'GET' ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    code: text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined,
    text,
  };
}
/** Acceptable to every route with an id in its path, so that the answer is about the id and not about the body. */
const body = { text: 'x', clientTurnId: 'client-turn-1', messageId: someId, title: 'stolen' };

describe('nobody', () => {
  test.each(table.filter(({ access }) => access !== 'public'))('is not let into $name', async ({ method, path }) => {
    expect(await ask(method, path, {})).toMatchObject({ status: 401, code: 'auth.required' });
  });
});

describe('an ordinary user', () => {
  test.each(table.filter(({ access }) => access === 'admin'))('is not let into $name', async ({ method, path }) => {
    expect(await ask(method, path, { cookie: stranger.cookie })).toMatchObject({ status: 403, code: 'auth.forbidden' });
  });
});

describe('an API key', () => {
  test.each(table.filter(({ access }) => access === 'admin'))(
    'of an admin does not open $name',
    async ({ method, path }) => {
      const admin = await parley.users.createAdmin();
      const key = await parley.users.createApiKey(admin);
      expect(await ask(method, path, { authorization: `Bearer ${key}` })).toMatchObject({
        status: 403,
        code: 'auth.session-required',
      });
    },
  );

  test('opens only what its scopes name', async () => {
    const chat = await parley.users.createApiKey(owner, ['chat']);
    const read = await parley.users.createApiKey(owner, ['read']);
    const write = await parley.users.createApiKey(owner, ['write']);
    const list = (key: string) => ask('GET', '/api/conversations', { authorization: `Bearer ${key}` });
    expect(await list(read)).toMatchObject({ status: 200 });
    expect(await list(chat)).toMatchObject({ status: 403, code: 'auth.scope-missing' });
    expect(await ask('POST', '/api/conversations', { authorization: `Bearer ${write}` })).toMatchObject({
      status: 201,
    });
    expect(await ask('POST', '/api/conversations', { authorization: `Bearer ${read}` })).toMatchObject({ status: 403 });
    expect(await ask('POST', '/api/me/api-keys', { authorization: `Bearer ${write}` })).toMatchObject({
      status: 403,
      code: 'auth.session-required',
    });
  });
});

describe("a stranger, with ids of somebody's things", () => {
  test.each(table.filter(({ access, path }) => access === 'user' && path.includes(':')))(
    'finds nothing at $name',
    async ({ method, path }) => {
      for (const id of Object.values(ids)) {
        const { status, text } = await ask(method, path, { cookie: stranger.cookie }, id);
        expect([status, text]).toEqual([404, expect.any(String)]);
        expect(text).not.toContain('mine');
      }
    },
  );

  test('and what the owner has is untouched', async () => {
    const http = parley.http(owner);
    expect((await http('GET /api/me/sessions')).map((session) => session.id)).toContain(ids.session);
    expect((await http('GET /api/me/api-keys')).map((key) => key.id)).toContain(ids.key);
    expect(await http('GET /api/conversations/:id', { params: { id: ids.conversation! } })).toMatchObject({
      title: 'mine',
    });
  });
});

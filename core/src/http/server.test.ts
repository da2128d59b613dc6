import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../testing/create-test-app.ts';
import type { TestUser } from '../testing/factories/users.ts';

let parley: TestApp;
let user: TestUser;
beforeAll(async () => {
  parley = await createTestApp({
    withoutPlugins: true,
    config: { server: { publicUrl: null, trustedProxies: ['127.0.0.1'] } },
  });
  user = await parley.users.create();
});
afterAll(() => parley.stop());

/** What a client that knows nothing of the contract gets to see. */
async function send(
  method: string,
  path: string,
  init: { headers?: Record<string, string>; body?: string | Buffer } = {},
) {
  const response = await fetch(parley.url + path, {
    method,
    headers: { cookie: user.cookie, ...init.headers },
    body: init.body,
    redirect: 'manual',
  });
  const text = await response.text();
  const problem = (response.headers.get('content-type') ?? '').includes('problem+json') ? JSON.parse(text) : null;
  return { status: response.status, code: problem?.code, problem, headers: response.headers, text };
}
const json = { 'content-type': 'application/json' };
const patch = (body: string | Buffer, headers: Record<string, string> = json) =>
  send('PATCH', '/api/me', { headers, body });

describe('what cannot be read is refused with a reason', () => {
  test.each([
    ['malformed JSON', '{"nickname": "a"', 400, 'input.malformed-json'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400, 'input.malformed-json'],
    ['a body nested 100,000 deep', '['.repeat(100_000) + ']'.repeat(100_000), 400, 'input.too-deep'],
    ['an object nested 500 deep', '{"a":'.repeat(500) + '1' + '}'.repeat(500), 400, 'input.too-deep'],
    ['10 MB', JSON.stringify({ nickname: 'x'.repeat(10_000_000) }), 413, 'input.too-large'],
    ['wrong types', '{"nickname": 5, "theme": "pink"}', 422, 'input.invalid'],
    ['an array for an object', '[1, 2]', 422, 'input.invalid'],
    ['null', 'null', 422, 'input.invalid'],
    ['a NUL in a name', '{"nickname": "a\\u0000b"}', 422, 'input.invalid'],
    ['half a surrogate pair in a name', '{"nickname": "a\\ud800"}', 422, 'input.invalid'],
    ['an over-long name', JSON.stringify({ nickname: 'x'.repeat(41) }), 422, 'input.invalid'],
    ['an unknown time zone', '{"timeZone": "Mars/Olympus"}', 422, 'input.invalid'],
  ])('%s', async (_name, body, status, code) => {
    expect(await patch(body)).toMatchObject({ status, code });
  });

  test('each refused field is named', async () => {
    const { problem } = await patch('{"nickname": "", "theme": "pink", "preferences": {"chatSize": 99}}');
    expect(problem.errors.map((error: { path: string }) => error.path)).toEqual([
      'nickname',
      'theme',
      'preferences.chatSize',
    ]);
    expect(problem).toMatchObject({
      type: 'about:blank',
      title: 'Unprocessable Entity',
      requestId: expect.any(String),
    });
  });

  test('a body that is not JSON', async () => {
    expect(await patch('nickname=a', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      code: 'input.unsupported-media',
    });
    expect(await patch('{}', { 'content-type': 'application/json; charset=latin1' })).toMatchObject({ status: 415 });
    expect(await patch('{}', { ...json, 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
  });

  test('more bytes than were announced to be few', async () => {
    const answer = await new Promise<number>((resolve, reject) => {
      const upload = request(`${parley.url}/api/me`, { method: 'PATCH', headers: { cookie: user.cookie, ...json } });
      upload.on('response', (response) => resolve(response.statusCode ?? 0)).on('error', reject);
      for (let sent = 0; sent < 3; sent++) upload.write(Buffer.alloc(1_000_000, 0x20));
      upload.end();
    });
    expect(answer).toBe(413);
  });
});

describe('addresses', () => {
  test('what is not there', async () => {
    for (const path of [
      '/api',
      '/api/',
      '/api/nothing',
      '/api/me/sessions/',
      '/api/../api/nothing',
      '/api/me/sessions/%E0%A4%A',
    ]) {
      expect(await send('GET', path)).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  test('an id that cannot exist is not found, as one that does not', async () => {
    expect(await send('DELETE', '/api/me/sessions/1%27%20or%20true')).toMatchObject({ status: 404, code: 'not-found' });
  });

  test('the wrong method is told the right ones', async () => {
    const { status, code, headers } = await send('DELETE', '/api/me');
    expect([status, code, headers.get('allow')]).toEqual([405, 'method-not-allowed', 'GET, PATCH']);
  });

  test('a missing file is not answered with a page', async () => {
    expect(await send('GET', '/assets/nothing-12345678.js')).toMatchObject({ status: 404 });
    expect(await send('GET', '/..%2f..%2fpackage.json')).toMatchObject({ status: 404 });
  });
});

describe('who asks', () => {
  test.each([
    ['no cookie', ''],
    ['an empty one', 'parley_session='],
    ['an unknown token', `parley_session=${'x'.repeat(43)}`],
    ['a token of control characters', 'parley_session=%00%01%02'],
    ['a token of 8 kB', `parley_session=${'x'.repeat(8000)}`],
    ['nonsense', ';;;=;parley_session;==='],
  ])('%s is nobody', async (_name, cookie) => {
    expect(await send('GET', '/api/me', { headers: { cookie } })).toMatchObject({ status: 401, code: 'auth.required' });
  });

  test.each(['Bearer', 'Bearer ', 'Bearer parley_unknown', 'Basic YTpi', `Bearer ${'x'.repeat(500)}`, 'Bearer a b'])(
    'an API key such as "%s" is refused',
    async (authorization) => {
      expect(await send('GET', '/api/me', { headers: { authorization } })).toMatchObject({
        status: 401,
        code: 'auth.invalid-key',
      });
    },
  );

  test('other sites may not write, also not without saying who they are', async () => {
    const body = '{"theme":"dark"}';
    const forgeries: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const forged of forgeries) {
      expect(await patch(body, { ...json, ...forged })).toMatchObject({
        status: 403,
        code: 'origin.refused',
      });
    }
    expect(await patch(body, { ...json, origin: parley.url })).toMatchObject({ status: 200 });
  });

  test('behind a trusted proxy the page has the address the proxy was asked for', async () => {
    const forwarded = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'chat.example.com',
      'x-forwarded-for': '203.0.113.7',
    };
    expect(await patch('{}', { ...json, ...forwarded, origin: 'https://chat.example.com' })).toMatchObject({
      status: 200,
    });
    expect(await patch('{}', { ...json, ...forwarded, origin: 'https://other.example.com' })).toMatchObject({
      status: 403,
    });
  });
});

test('the cookie of a page over https comes back over https only', async () => {
  const body = JSON.stringify({ email: user.email, password: user.password });
  const plain = await send('POST', '/api/auth/sign-in', { headers: { ...json, cookie: '' }, body });
  expect(plain.headers.get('set-cookie')).not.toContain('Secure');
  const headers = { ...json, cookie: '', 'x-forwarded-proto': 'https' };
  const secure = await send('POST', '/api/auth/sign-in', { headers, body });
  expect(secure.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax; Secure$/);
});

test('every answer carries the headers that protect the page', async () => {
  for (const path of ['/', '/api/nothing', '/docs', '/healthz']) {
    const { headers } = await send('GET', path);
    expect(headers.get('content-security-policy')).toContain(`script-src 'self'; style-src 'self';`);
    expect(headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('referrer-policy')).toBe('same-origin');
  }
});

test('the API describes itself, and the page for it loads nothing from elsewhere', async () => {
  expect(JSON.parse((await send('GET', '/openapi.json')).text)).toMatchObject({ openapi: '3.1.0' });
  const page = (await send('GET', '/docs')).text;
  expect(page).not.toMatch(/<script(?! src="\/docs\/)|https?:/);
  for (const [, file] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
    expect(await send('GET', file!)).toMatchObject({ status: 200 });
  }
});

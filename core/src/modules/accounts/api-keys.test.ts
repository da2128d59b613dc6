import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { problemOf } from '../../testing/problem-of.ts';

let parley: TestApp;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
});
afterAll(() => parley.stop());

describe('API keys', () => {
  test('are shown once, open what their scopes name, and end when revoked', async () => {
    const user = await parley.users.create();
    const http = parley.http(user);
    const { key, ...shown } = await http('POST /api/me/api-keys', {
      body: { name: 'laptop', scopes: ['read', 'read'] },
    });
    expect(key).toMatch(/^parley_[\w-]{43}$/);
    expect(shown).toMatchObject({ name: 'laptop', scopes: ['read'], prefix: key.slice(0, 12), lastUsedAt: null });
    expect(await parley.httpWithKey(key)('GET /api/me')).toMatchObject({ id: user.id });
    await vi.waitFor(
      async () => expect((await http('GET /api/me/api-keys'))[0]?.lastUsedAt).toEqual(expect.any(String)),
      { timeout: 60_000 },
    );
    expect(JSON.stringify(await http('GET /api/me/api-keys'))).not.toContain(key);
    await http('DELETE /api/me/api-keys/:id', { params: { id: shown.id } });
    expect(await problemOf(parley.httpWithKey(key)('GET /api/me'))).toMatchObject({
      status: 401,
      code: 'auth.invalid-key',
    });
  });

  test('are proven from memory when they were seen a moment ago', async () => {
    const key = await parley.users.createApiKey(await parley.users.create());
    const { credentials } = parley.app.modules.accounts;
    await credentials.apiKey(key);
    const query = vi.spyOn(parley.app.platform.database.pool, 'query');
    for (let count = 0; count < 100; count++) await credentials.apiKey(key);
    // The first use is written beside the request.
    expect(query.mock.calls.length).toBeLessThanOrEqual(1);
    query.mockRestore();
  });
});

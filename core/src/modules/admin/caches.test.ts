import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../testing/index.ts';
import { problemOf } from '../../testing/problem-of.ts';

let world: TestApp;
let admin: TestUser;
beforeAll(async () => {
  world = await createTestApp({ withoutPlugins: true });
  admin = await world.users.createAdmin();
});
afterAll(() => world.stop());

const profiles = async () => {
  const caches = await world.http(admin)('GET /api/admin/caches');
  return caches.find(({ namespace }) => namespace === 'profiles');
};

test('admins see how well a cache does, and empty it on record', async () => {
  await world.app.modules.accounts.profiles.get(admin.id);
  await world.app.modules.accounts.profiles.get(admin.id);
  expect(await profiles()).toMatchObject({ entries: 1, misses: 1, hits: { memory: 1, redis: 0 }, errors: 0 });
  expect((await profiles())?.bytes).toBeGreaterThan(20);

  const after = await world.http(admin)('POST /api/admin/caches/:namespace/clear', {
    params: { namespace: 'profiles' },
  });
  expect(after.find(({ namespace }) => namespace === 'profiles')).toMatchObject({ entries: 0, bytes: 0 });
  const { items } = await world.http(admin)('GET /api/admin/audit', { query: { action: 'cache' } });
  expect(items).toMatchObject([
    { action: 'cache.cleared', actor: { id: admin.id }, target: { type: 'cache', id: 'profiles' } },
  ]);
});

test('what says who somebody is and what he may do is shown and emptied too', async () => {
  const user = await world.users.create();
  await world.http(user)('GET /api/limits');
  const key = await world.users.createApiKey(user, ['read']);
  await world.httpWithKey(key)('GET /api/conversations');
  const caches = await world.http(admin)('GET /api/admin/caches');
  for (const name of ['sessions', 'api-keys', 'limits']) {
    const figures = caches.find(({ namespace }) => namespace === name);
    expect(figures, name).toMatchObject({ entries: expect.any(Number), errors: 0 });
    expect(figures!.entries, name).toBeGreaterThan(0);
  }
  const after = await world.http(admin)('POST /api/admin/caches/:namespace/clear', { params: { namespace: 'limits' } });
  expect(after.find(({ namespace }) => namespace === 'limits')).toMatchObject({ entries: 0 });
  expect(await world.http(user)('GET /api/limits')).toMatchObject({ tier: { id: 'free' } });
});

test('a cache that is not there cannot be emptied, and nothing is put on record', async () => {
  const problem = await problemOf(
    world.http(admin)('POST /api/admin/caches/:namespace/clear', { params: { namespace: 'nothing' } }),
  );
  expect(problem).toMatchObject({ status: 404, code: 'cache.not-found' });
  const { items } = await world.http(admin)('GET /api/admin/audit', {
    query: { action: 'cache', targetId: 'nothing' },
  });
  expect(items).toEqual([]);
});

test('a changed profile is seen in the next turn', async () => {
  const user = await world.users.create();
  const { profiles: known } = world.app.modules.accounts;
  await known.get(user.id);
  await world.http(user)('PATCH /api/me', { body: { nickname: 'Somebody else' } });
  expect(await known.get(user.id)).toMatchObject({ nickname: 'Somebody else' });
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { problemOf } from '../../testing/problem-of.ts';

let parley: TestApp;
beforeEach(async () => {
  parley = await createTestApp({ withoutPlugins: true });
});
afterEach(() => parley.stop());

const admin = (token: string, email = 'ada@example.com') => ({
  token,
  email,
  password: 'correct horse battery',
  nickname: 'Ada',
});
const tokenOf = (link: string | null) => new URL(link ?? '').searchParams.get('token') ?? '';

test('the printed link makes exactly one first admin, however many follow it at once', async () => {
  const token = tokenOf(parley.setupLink);
  expect(await parley.http()('GET /api/auth/policy')).toMatchObject({ setupNeeded: true });
  const tries = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      problemOf(parley.http()('POST /api/auth/setup', { body: admin(token, `ada-${index}@example.com`) })),
    ),
  );
  expect(tries.filter((problem) => problem === null)).toHaveLength(1);
  const refusals = new Set(tries.flatMap((problem) => problem?.code ?? []));
  expect([...refusals].every((code) => ['auth.setup-done', 'auth.setup-token-invalid'].includes(code))).toBe(true);
  const { rows } = await parley.app.platform.database.pool.query('select role from users');
  expect(rows).toEqual([{ role: 'admin' }]);
  expect(await parley.http()('GET /api/auth/policy')).toMatchObject({ setupNeeded: false });
  expect(await problemOf(parley.http()('POST /api/auth/setup', { body: admin(token) }))).toMatchObject({
    code: 'auth.setup-done',
  });
});

test('a wrong token makes nobody, and nobody signs up before there is an admin', async () => {
  expect(await problemOf(parley.http()('POST /api/auth/setup', { body: admin('x'.repeat(43)) }))).toMatchObject({
    status: 403,
    code: 'auth.setup-token-invalid',
    errors: [{ path: 'token' }],
  });
  const { token: _, ...newcomer } = admin('');
  expect(await problemOf(parley.http()('POST /api/auth/sign-up', { body: newcomer }))).toMatchObject({
    code: 'auth.setup-needed',
  });
});

test('an unattended installation gets its admin from the environment, once, on any number of instances', async () => {
  const setup = { email: 'ops@example.com', password: 'correct horse battery' };
  const others = await Promise.all(
    [1, 2].map(() => createTestApp({ withoutPlugins: true, databaseUrl: parley.databaseUrl, config: { setup } })),
  );
  expect(others.map((other) => other.setupLink)).toEqual([null, null]);
  expect(await others[0]!.http()('POST /api/auth/sign-in', { body: setup })).toMatchObject({
    role: 'admin',
    nickname: 'ops',
  });
  const { rowCount } = await parley.app.platform.database.pool.query('select from users');
  expect(rowCount).toBe(1);
  await Promise.all(others.map((other) => other.stop()));
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpClient } from '@parley/sdk/client';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { problemOf } from '../../testing/problem-of.ts';
import { Invitation } from './invitation.entity.ts';

let parley: TestApp;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
  await parley.users.createAdmin();
  await parley.app.modules.settings.service.change({ signUp: 'open' });
});
afterAll(() => parley.stop());

const newcomer = (email: string) => ({ email, password: 'correct horse battery', nickname: 'Robin' });
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]!.split(';')[0]!;
const clientWith = (cookie: string) => createHttpClient({ baseUrl: parley.url, headers: { cookie } });

describe('joining', () => {
  test('makes an ordinary account that is signed in', async () => {
    const response = await fetch(`${parley.url}/api/auth/sign-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...newcomer('  Mira@Example.COM '), nickname: '  Mira   Lá  ' }),
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      email: 'mira@example.com',
      nickname: 'Mira Lá',
      role: 'user',
      language: 'en',
    });
    expect(await clientWith(cookieOf(response))('GET /api/me')).toMatchObject({ email: 'mira@example.com' });
  });

  test('gives an address to one of many who ask for it at once', async () => {
    const tries = await Promise.all(
      Array.from({ length: 5 }, () =>
        problemOf(parley.http()('POST /api/auth/sign-up', { body: newcomer('wanted@example.com') })),
      ),
    );
    expect(tries.filter((problem) => problem === null)).toHaveLength(1);
    expect(tries.find((problem) => problem !== null)).toMatchObject({
      status: 409,
      code: 'account.email-taken',
      errors: [{ path: 'email' }],
    });
  });

  test.each([
    ['a short password', { password: 'short' }, 'password'],
    ['an over-long password', { password: 'x'.repeat(300) }, 'password'],
    ['a password of ten halves of emoji', { password: '😀'.repeat(5) }, 'password'],
    ['a password with half a surrogate pair', { password: `${'x'.repeat(12)}\ud800` }, 'password'],
    ['no address', { email: '' }, 'email'],
    ['an address that is none', { email: 'robin@@example' }, 'email'],
    ['an over-long address', { email: `${'x'.repeat(300)}@example.com` }, 'email'],
    ['an empty name', { nickname: ' \u2003 ' }, 'nickname'],
    ['a name with a bell in it', { nickname: 'Rob\u0007in' }, 'nickname'],
    ['a name that turns the text around', { nickname: 'Robin\u202enimda' }, 'nickname'],
    ['a language nobody speaks here', { language: 'tlh' as 'en' }, 'language'],
  ])('refuses %s by its field', async (_name, wrong, path) => {
    const body = { ...newcomer('refused@example.com'), ...wrong };
    const problem = await problemOf(parley.http()('POST /api/auth/sign-up', { body }));
    expect(problem).toMatchObject({ status: 422, code: 'input.invalid' });
    expect(problem?.errors?.map((error) => error.path)).toEqual([path]);
  });

  test('names are kept in one form and counted as people count', async () => {
    const user = await parley.users.create();
    const decomposed = 'Zoe\u0308';
    expect(await parley.http(user)('PATCH /api/me', { body: { nickname: decomposed } })).toMatchObject({
      nickname: 'Zo\u00eb',
    });
    expect(await parley.http(user)('PATCH /api/me', { body: { nickname: '😀'.repeat(40) } })).toMatchObject({
      nickname: '😀'.repeat(40),
    });
  });
});

describe('sign-up may be shut', () => {
  test('closed', async () => {
    await parley.app.modules.settings.service.change({ signUp: 'closed' });
    expect(await problemOf(parley.http()('POST /api/auth/sign-up', { body: newcomer('c@example.com') }))).toMatchObject(
      {
        status: 403,
        code: 'auth.sign-up-closed',
      },
    );
  });

  test('by invitation, and each lets in one', async () => {
    await parley.app.modules.settings.service.change({ signUp: 'invitation' });
    const admin = parley.http(await parley.users.createAdmin());
    const { link, id } = await admin('POST /api/admin/invitations', { body: { note: 'for Robin' } });
    const invitation = link.split('/').at(-1)!;
    expect(await problemOf(parley.http()('POST /api/auth/sign-up', { body: newcomer('d@example.com') }))).toMatchObject(
      { code: 'auth.invitation-needed' },
    );
    const tries = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        problemOf(
          parley.http()('POST /api/auth/sign-up', {
            body: { ...newcomer(`invited-${index}@example.com`), invitation },
          }),
        ),
      ),
    );
    expect(tries.filter((problem) => problem === null)).toHaveLength(1);
    expect(tries.find((problem) => problem !== null)).toMatchObject({
      status: 403,
      code: 'auth.invitation-invalid',
      errors: [{ path: 'invitation' }],
    });
    const { items } = await admin('GET /api/admin/invitations');
    expect(items.find((item) => item.id === id)).toMatchObject({ note: 'for Robin', usedAt: expect.any(String) });
  });

  test('whoever has a link can ask whether it still lets them in, and hears nothing else', async () => {
    const admin = parley.http(await parley.users.createAdmin());
    const tokens: string[] = [];
    for (const note of ['good', 'used', 'run out', 'withdrawn']) {
      const { link, id } = await admin('POST /api/admin/invitations', { body: { note } });
      tokens.push(link.split('/').at(-1)!);
      if (note === 'used') {
        const body = { ...newcomer('used@example.com'), invitation: tokens.at(-1)! };
        await parley.http()('POST /api/auth/sign-up', { body });
      }
      if (note === 'run out') {
        const em = parley.app.platform.database.em();
        await em.nativeUpdate(Invitation, { id }, { expiresAt: new Date(Date.now() - 1) });
      }
      if (note === 'withdrawn') await admin('DELETE /api/admin/invitations/:id', { params: { id } });
    }
    const answers = [];
    for (const invitation of [...tokens, '', 'nothing', 'x'.repeat(200)]) {
      answers.push(await parley.http()('POST /api/auth/invitation', { body: { invitation } }));
    }
    expect(answers).toEqual([true, false, false, false, false, false, false].map((valid) => ({ valid })));
  });

  test('a withdrawn invitation lets nobody in; the list goes on page by page', async () => {
    const admin = parley.http(await parley.users.createAdmin());
    const { id, link } = await admin('POST /api/admin/invitations', { body: {} });
    await admin('DELETE /api/admin/invitations/:id', { params: { id } });
    const invitation = link.split('/').at(-1)!;
    const body = { ...newcomer('late@example.com'), invitation };
    expect(await problemOf(parley.http()('POST /api/auth/sign-up', { body }))).toMatchObject({
      code: 'auth.invitation-invalid',
    });
    for (let count = 0; count < 3; count++) await admin('POST /api/admin/invitations', { body: { note: `n${count}` } });
    const first = await admin('GET /api/admin/invitations', { query: { limit: 2 } });
    const second = await admin('GET /api/admin/invitations', { query: { limit: 2, cursor: first.nextCursor! } });
    expect([...first.items, ...second.items].map((item) => item.note).slice(0, 3)).toEqual(['n2', 'n1', 'n0']);
  });
});

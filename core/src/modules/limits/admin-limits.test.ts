import type { TierCreate } from '@parley/sdk/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { eventually } from '../../testing/eventually.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { problemOf } from '../../testing/problem-of.ts';

let parley: TestApp;
let admin: TestUser;
let user: TestUser;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
  admin = await parley.users.createAdmin();
});
beforeEach(async () => {
  user = await parley.users.create();
});
afterAll(() => parley.stop());

const asAdmin: TestApp['http'] = () => parley.http(admin);
const of = (one: TestUser) => ({ params: { id: one.id } });
const effective = async (one: TestUser) => (await asAdmin()('GET /api/admin/users/:id/limits', of(one))).effective;
async function records(targetId: string) {
  const { items } = await asAdmin()('GET /api/admin/audit', { query: { targetId, limit: 100 } });
  return items.toReversed().map(({ action, reason, data }) => ({ action, reason, data }));
}
const tierOf = (id: string, fields: Partial<TierCreate> = {}): TierCreate => ({
  id,
  name: `Tier ${id}`,
  requestsPerMinute: 5,
  requestsPerDay: null,
  tokensPerDay: 9_000_000_000,
  openTurnsPerUser: 2,
  openTurnsPerConversation: 1,
  contextTokens: 8_000,
  attachmentsPerMessage: 0,
  attachmentBytes: 0,
  allowedModels: ['demo/*'],
  signUpGrant: 5_000_000,
  monthlyGrant: 9_007_199_254_740_991,
  ...fields,
});

describe('tiers', () => {
  test('are made, changed, made the default for newcomers, and removed', async () => {
    const made = await asAdmin()('POST /api/admin/tiers', { body: tierOf('school') });
    expect(made).toEqual({ ...tierOf('school'), isDefault: false, position: 3 });
    const change = { name: 'Schools', tokensPerDay: null, openTurnsPerUser: 3 };
    await asAdmin()('PATCH /api/admin/tiers/:id', { params: { id: 'school' }, body: change });
    await asAdmin()('PATCH /api/admin/tiers/:id', { params: { id: 'school' }, body: { isDefault: true } });
    const pupil = await parley.users.create();
    const tiers = await asAdmin()('GET /api/admin/tiers');
    expect(tiers.map(({ id, isDefault }) => [id, isDefault])).toEqual([
      ['free', false],
      ['pro', false],
      ['team', false],
      ['school', true],
    ]);
    expect(tiers.at(-1)).toMatchObject({ ...change, users: 1 });
    expect(await parley.http(pupil)('GET /api/limits')).toMatchObject({
      tier: { id: 'school', name: 'Schools' },
      openTurns: { limit: 3 },
      allowedModels: ['demo/*'],
    });

    const remove = () => asAdmin()('DELETE /api/admin/tiers/:id', { params: { id: 'school' } });
    expect(await problemOf(remove())).toMatchObject({ status: 409, code: 'tier.is-default' });
    await asAdmin()('PATCH /api/admin/tiers/:id', { params: { id: 'free' }, body: { isDefault: true } });
    expect(await problemOf(remove())).toMatchObject({ status: 409, code: 'tier.in-use' });
    await asAdmin()('PUT /api/admin/users/:id/tier', { ...of(pupil), body: { tier: 'free' } });
    await remove();
    expect(await problemOf(remove())).toMatchObject({ status: 404, code: 'tier.not-found' });
    expect(await records('school')).toMatchObject([
      { action: 'tier.created', data: { name: 'Tier school' } },
      {
        action: 'tier.changed',
        data: { changes: { openTurnsPerUser: { from: 2, to: 3 }, tokensPerDay: { from: 9_000_000_000, to: null } } },
      },
      { action: 'tier.changed', data: { changes: { isDefault: { from: false, to: true } } } },
      { action: 'tier.removed', data: { name: 'Schools' } },
    ]);
  });

  test('keep their id to themselves', async () => {
    const again = asAdmin()('POST /api/admin/tiers', { body: tierOf('pro') });
    expect(await problemOf(again)).toMatchObject({ status: 409, code: 'tier.exists', data: { id: 'pro' } });
    const twins = [1, 2].map(() => problemOf(asAdmin()('POST /api/admin/tiers', { body: tierOf('twin') })));
    expect(new Set((await Promise.all(twins)).map((problem) => problem?.code))).toEqual(
      new Set(['tier.exists', undefined]),
    );
  });

  test('that cannot be are refused field by field', async () => {
    const body = tierOf('Bad Id', { openTurnsPerUser: 0, allowedModels: ['a*b'] });
    const problem = await problemOf(asAdmin()('POST /api/admin/tiers', { body }));
    expect(problem?.errors?.map(({ path }) => path).toSorted()).toEqual(['allowedModels.0', 'id', 'openTurnsPerUser']);
  });

  test('have one default, also when two admins choose at once', async () => {
    const choose = (id: string) =>
      asAdmin()('PATCH /api/admin/tiers/:id', { params: { id }, body: { isDefault: true } });
    await Promise.all(['pro', 'team', 'free', 'pro', 'free'].map(choose));
    const tiers = await asAdmin()('GET /api/admin/tiers');
    expect(tiers.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    await choose('free');
  });
});

describe('for one person', () => {
  test('the tier is changed with its reason, and every tab is told', async () => {
    const socket = await parley.socket(user);
    let told = 0;
    socket.on('limits:changed', () => void told++);
    const body = { tier: 'team', reason: 'Works here now' };
    expect(await asAdmin()('PUT /api/admin/users/:id/tier', { ...of(user), body })).toMatchObject({ id: 'team' });
    await asAdmin()('PUT /api/admin/users/:id/tier', { ...of(user), body });
    await eventually(() => told).toBeGreaterThanOrEqual(1);
    expect(await parley.http(user)('GET /api/limits')).toMatchObject({ tier: { id: 'team', name: 'Team' } });
    expect(await records(user.id)).toEqual([
      {
        action: 'user.tier-changed',
        reason: 'Works here now',
        data: { changes: { tier: { from: 'free', to: 'team' } } },
      },
    ]);
  });

  test('exceptions are made with reason and end, count at once, and are taken back', async () => {
    const fields = { openTurnsPerUser: 1, allowedModels: ['demo/eliza'], requestsPerDay: null };
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const create = { ...of(user), body: { fields, reason: 'Exam week', expiresAt } };
    const made = await asAdmin()('POST /api/admin/users/:id/limit-overrides', create);
    expect(made).toMatchObject({ fields, reason: 'Exam week', expiresAt });
    await eventually(() => effective(user)).toMatchObject(fields);
    const { overrides } = await asAdmin()('GET /api/admin/users/:id/limits', of(user));
    expect(overrides).toEqual([made]);

    const one = { params: { id: user.id, overrideId: made.id } };
    const somebody = { params: { id: admin.id, overrideId: made.id } };
    const remove = (request: typeof one) =>
      asAdmin()('DELETE /api/admin/users/:id/limit-overrides/:overrideId', request);
    expect(await problemOf(remove(somebody))).toMatchObject({ status: 404, code: 'limit-override.not-found' });
    await remove(one);
    await eventually(() => effective(user)).toMatchObject({ openTurnsPerUser: 15, allowedModels: null });
    expect(await records(user.id)).toEqual([
      { action: 'user.limits-changed', reason: 'Exam week', data: { fields, expiresAt } },
      { action: 'user.limits-restored', reason: null, data: { fields } },
    ]);
  });

  test('an exception names a limit, has a reason, and is not over already', async () => {
    const refused = async (body: object) => {
      const create = { ...of(user), body: { fields: { openTurnsPerUser: 1 }, reason: 'Why not', ...body } };
      const problem = await problemOf(asAdmin()('POST /api/admin/users/:id/limit-overrides', create));
      return [problem?.status, problem?.errors?.map(({ path }) => path)];
    };
    expect(await refused({ fields: {} })).toEqual([422, ['fields']]);
    expect(await refused({ reason: ' ' })).toEqual([422, ['reason']]);
    expect(await refused({ expiresAt: '2020-01-01T00:00:00Z' })).toEqual([422, ['expiresAt']]);
  });

  test('there is an end to exceptions', async () => {
    const make = () =>
      asAdmin()('POST /api/admin/users/:id/limit-overrides', {
        ...of(user),
        body: { fields: { openTurnsPerUser: 1 }, reason: 'Again' },
      });
    for (let count = 0; count < 50; count++) await make();
    expect(await problemOf(make())).toMatchObject({ status: 409, code: 'limit-override.too-many' });
  });

  test('nobody who is not there has limits or a tier', async () => {
    const nobody = { params: { id: crypto.randomUUID() } };
    const override = { ...nobody, body: { fields: { openTurnsPerUser: 1 }, reason: 'Ghost' } };
    const notFound = { status: 404, code: 'user.not-found' };
    expect(await problemOf(asAdmin()('GET /api/admin/users/:id/limits', nobody))).toMatchObject(notFound);
    expect(await problemOf(asAdmin()('POST /api/admin/users/:id/limit-overrides', override))).toMatchObject(notFound);
    const move = { ...nobody, body: { tier: 'pro' } };
    expect(await problemOf(asAdmin()('PUT /api/admin/users/:id/tier', move))).toMatchObject(notFound);
    const nowhere = { ...of(user), body: { tier: 'none' } };
    expect(await problemOf(asAdmin()('PUT /api/admin/users/:id/tier', nowhere))).toMatchObject({
      status: 404,
      code: 'tier.not-found',
    });
  });
});

import type { AuditEntry } from '@parley/sdk/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { problemOf } from '../../testing/problem-of.ts';

let parley: TestApp;
let admin: TestUser;
beforeAll(async () => {
  parley = await createTestApp();
  admin = await parley.users.createAdmin();
});
afterAll(() => parley.stop());

const http: TestApp['http'] = () => parley.http(admin);
/** What came on record since the last look, in the order it was done. */
let seen = 0;
async function news(): Promise<Pick<AuditEntry, 'action' | 'target' | 'data'>[]> {
  const { items } = await http()('GET /api/admin/audit', { query: { limit: 100, actor: admin.id } });
  const fresh = items.slice(0, items.length - seen).toReversed();
  seen = items.length;
  return fresh.map(({ action, target, data }) => ({ action, target, data }));
}

test('settings are on record with what was and what is, and only those that changed', async () => {
  const change = { instanceName: 'Harbour', signUp: 'invitation' as const };
  await http()('PATCH /api/admin/settings', { body: change });
  await http()('PATCH /api/admin/settings', { body: change });
  expect(await news()).toEqual([
    {
      action: 'settings.changed',
      target: { type: 'settings', id: 'instance', name: null },
      data: { changes: { instanceName: { from: 'Parley', to: 'Harbour' } } },
    },
  ]);
});

test('invitations are, without their link', async () => {
  const { id, link } = await http()('POST /api/admin/invitations', { body: { note: 'for Mira' } });
  await http()('DELETE /api/admin/invitations/:id', { params: { id } });
  expect(await problemOf(http()('DELETE /api/admin/invitations/:id', { params: { id } }))).toMatchObject({
    status: 404,
  });
  const told = await news();
  expect(told).toMatchObject([
    { action: 'invitation.created', target: { id, name: 'for Mira' } },
    { action: 'invitation.withdrawn', target: { id, name: 'for Mira' } },
  ]);
  expect(JSON.stringify(told)).not.toContain(link.split('/').at(-1));
});

test('connections and models are, with the names of what changed and no secret', async () => {
  const connection = await http()('POST /api/admin/connections', {
    body: {
      provider: 'parley.provider-openai/openai',
      name: 'Lab',
      settings: { baseUrl: 'https://one.example/v1' },
      secrets: { apiKey: 'sk-one-secret' },
    },
  });
  const params = { id: connection.id };
  await http()('PATCH /api/admin/connections/:id', {
    params,
    body: { name: 'Laboratory', settings: { baseUrl: 'https://two.example/v1' }, secrets: { apiKey: 'sk-two-secret' } },
  });
  await http()('PATCH /api/admin/connections/:id', { params, body: { name: 'Laboratory' } });
  const body = { connectionId: connection.id, providerModel: 'm-1' };
  const model = await http()('POST /api/admin/models', { body });
  await http()('PATCH /api/admin/models/:id', { params: { id: model.id }, body: { enabled: false, name: 'm-1' } });
  await http()('PUT /api/admin/models/order', { body: { ids: [model.id] } });
  await http()('DELETE /api/admin/models/:id', { params: { id: model.id } });
  await http()('DELETE /api/admin/connections/:id', { params });
  const told = await news();
  expect(told.map(({ action, data: { fields, changes } }) => [action, fields ?? changes ?? null])).toEqual([
    ['connection.created', null],
    ['connection.changed', ['name', 'settings.baseUrl', 'secrets.apiKey']],
    ['model.offered', null],
    ['model.changed', { enabled: { from: true, to: false } }],
    ['models.reordered', null],
    ['model.withdrawn', null],
    ['connection.removed', null],
  ]);
  expect(JSON.stringify(told)).not.toMatch(/sk-|example/);
});

test('plugins are, each kind of change by itself', async () => {
  const id = 'parley.moderation-wordlist';
  const before = (await http()('GET /api/admin/plugins')).find((plugin) => plugin.id === id)!;
  await http()('PATCH /api/admin/plugins/:id', { params: { id }, body: { enabled: false } });
  await http()('PATCH /api/admin/plugins/:id', { params: { id }, body: { enabled: true } });
  const settings = { ...before.settings, blockWords: 'unspeakable' };
  await http()('PATCH /api/admin/plugins/:id', { params: { id }, body: { settings } });
  await http()('POST /api/admin/plugins/:id/revive', { params: { id } });
  await http()('PUT /api/admin/hooks/:kind', { params: { kind: 'promptTransforms' }, body: { refs: [] } });
  const told = await news();
  expect(told).toMatchObject([
    { action: 'plugin.disabled', target: { type: 'plugin', id, name: before.name } },
    { action: 'plugin.enabled' },
    { action: 'plugin.settings-changed', data: { fields: ['blockWords'] } },
    { action: 'plugin.revived' },
    { action: 'hooks.reordered', target: { type: 'hooks', id: 'promptTransforms' }, data: { refs: [] } },
  ]);
  expect(JSON.stringify(told)).not.toContain('unspeakable');
});

test('what was refused is not', async () => {
  await problemOf(http()('PATCH /api/admin/plugins/:id', { params: { id: 'acme.nobody' }, body: { enabled: false } }));
  await problemOf(
    http()('POST /api/admin/connections', { body: { provider: 'parley.provider-demo/demo', name: 'Second' } }),
  );
  expect(await news()).toEqual([]);
});

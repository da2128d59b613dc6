import type { Connection } from '@parley/sdk/contract';
import { startScriptedServer } from '@parley/sdk/testing';
import { generousLimits } from '../../testing/factories/generous-limits.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createPluginWorld, hookSubject, type PluginWorld } from '../../testing/plugin-world.ts';
import { createProvidersModule, type ProvidersModule } from './index.ts';
import type { ContentPart, ProviderEnd } from './provider-types.ts';

const talker = {
  manifest: {
    id: 'acme.talker',
    contributes: {
      providers: [
        {
          id: 'talker',
          name: 'Talker',
          discovers: true,
          secrets: ['apiKey'],
          settings: {
            type: 'object',
            required: ['baseUrl'],
            properties: { baseUrl: { type: 'string', minLength: 1 } },
            additionalProperties: false,
          },
        },
        { id: 'fixed', name: 'Fixed', configurable: false, models: [{ id: 'one', name: 'One', contextTokens: 1000 }] },
      ],
    },
    permissions: {
      network: [{ fromSetting: 'baseUrl', reason: 'asks the server you name' }],
      networkPrivate: { reason: 'the server may be at home', optional: true },
      secrets: [
        { name: 'apiKey', title: 'API key', boundTo: { fromSetting: 'baseUrl' }, reason: 'signs in at the server' },
      ],
    },
  },
  code: `
    async function ask(path, context) {
      const { settings, secrets } = context.connection;
      return fetch(settings.baseUrl + path, { method: 'POST', headers: { authorization: 'Bearer ' + secrets.apiKey } });
    }
    async function* chat(request, context) {
      const response = await ask('/chat/' + request.model, context);
      if (response.status !== 200) {
        yield { type: 'error', class: response.status === 401 ? 'auth' : 'overloaded', retryable: response.status !== 401, message: 'said ' + response.status };
        return;
      }
      yield { type: 'text', text: await response.text() };
      if (request.model === 'breaks') { yield { type: 'error', class: 'server', retryable: true, message: 'broke' }; return; }
      if (request.model === 'rules') { yield { type: 'nonsense' }; return; }
      if (request.model === 'silent') return;
      yield { type: 'usage', input: 3, output: -1 };
      yield { type: 'finish', reason: 'stop' };
    }
    export default { providers: {
      talker: { chat, async listModels(context) { return (await ask('/models', context)).json(); } },
      fixed: { async *chat() { yield { type: 'text', text: 'fixed' }; yield { type: 'finish', reason: 'stop' }; } },
    } };`,
};

let world: PluginWorld;
let chosen: string | null = null;
const defaultModel = { chosen: () => chosen, clear: async () => void (chosen = null) };
let providers: ProvidersModule;
let server: Awaited<ReturnType<typeof startScriptedServer>>;
const statuses: number[] = [];
const seenKeys: (string | undefined)[] = [];
beforeAll(async () => {
  server = await startScriptedServer((request, response) => {
    seenKeys.push(request.headers.authorization);
    if (request.path === '/models') {
      response.end(JSON.stringify([{ id: 'a/b', name: 'A', contextTokens: 5 }, { id: 'breaks' }]));
      return;
    }
    response.statusCode = statuses.shift() ?? 200;
    response.end('hello');
  });
  world = await createPluginWorld([talker]);
  const { database, changes, audit, log, plugins, secretBox } = world;
  providers = await createProvidersModule({
    limits: { effective: async () => generousLimits() },
    em: database.em,
    changes,
    audit,
    log,
    secretBox,
    plugins,
    defaultModel,
    onModelsChanged: () => {},
  });
});
afterAll(async () => {
  providers.stop();
  await world.close();
  await server.close();
});

let connectionId: string;
async function connect() {
  const { connections, offered } = providers;
  const connection = await connections.create({
    provider: 'acme.talker/talker',
    name: 'My Talker',
    settings: { baseUrl: server.url },
    secrets: { apiKey: 'sk-secret' },
    enabled: true,
  });
  for (const providerModel of ['fine', 'breaks', 'rules', 'silent']) {
    await offered.create({
      connectionId: connection.id,
      providerModel,
      contextTokens: 1000,
      vision: false,
      tools: false,
      enabled: true,
    });
  }
  connectionId = connection.id;
}

function chat(publicId: string): Promise<{ parts: ContentPart[]; end: ProviderEnd }> {
  const parts: ContentPart[] = [];
  const request = { messages: [], parameters: {}, stream: true };
  return new Promise((resolve) => {
    providers.router.chat(providers.models.resolve(publicId), request, hookSubject(), {
      onQueued: () => {},
      onParts: (more) => parts.push(...more),
      onEnd: (end) => resolve({ parts, end }),
    });
  });
}

describe('connections', () => {
  test('that take no settings are there from the start, with their models', async () => {
    expect(providers.models.list().map((model) => model.publicId)).toEqual(['fixed/one']);
    expect((await chat('fixed/one')).parts).toEqual([{ type: 'text', text: 'fixed' }]);
  });

  test('are made with a slug of their own; their key goes to their server and is nowhere readable', async () => {
    await connect();
    expect(providers.models.list().map((model) => model.publicId)).toEqual([
      'my-talker/fine',
      'my-talker/breaks',
      'my-talker/rules',
      'my-talker/silent',
      'fixed/one',
    ]);
    await chat('my-talker/fine');
    expect(seenKeys.at(-1)).toBe('Bearer sk-secret');
    const { rows } = await world.database.pool.query(
      'select settings::text || secrets::text as all from provider_connection',
    );
    expect(JSON.stringify(rows)).not.toContain('sk-secret');
  });

  test('refuse settings, secrets and kinds that do not fit', async () => {
    const create = (change: object) =>
      providers.connections.create({
        provider: 'acme.talker/talker',
        name: 'x',
        settings: {},
        secrets: {},
        enabled: true,
        ...change,
      });
    await expect(create({})).rejects.toMatchObject({ errors: [{ path: 'settings.baseUrl', code: 'required' }] });
    await expect(create({ settings: { baseUrl: 'http://x' }, secrets: { other: 'y' } })).rejects.toMatchObject({
      errors: [{ path: 'secrets.other' }],
    });
    await expect(create({ provider: 'acme.gone/x' })).rejects.toMatchObject({ code: 'provider.kind-not-found' });
    await expect(create({ provider: 'acme.talker/fixed' })).rejects.toMatchObject({
      code: 'provider.connection-fixed',
    });
  });

  test('keep a secret that a change does not name, drop one that is null', async () => {
    await providers.connections.change(connectionId, { name: 'Renamed' });
    await chat('my-talker/fine');
    expect(seenKeys.at(-1)).toBe('Bearer sk-secret');
    const without = await providers.connections.change(connectionId, { secrets: { apiKey: null } });
    expect(without.secrets).toEqual({});
    await providers.connections.change(connectionId, { secrets: { apiKey: 'sk-second' } });
    await chat('my-talker/fine');
    expect(seenKeys.at(-1)).toBe('Bearer sk-second');
  });

  test('that are switched off take their models away, on other instances too', async () => {
    const other = await world.another();
    const second = await createProvidersModule({
      limits: { effective: async () => generousLimits() },
      em: world.database.em,
      changes: other.changes,
      audit: world.audit,
      log: world.log,
      secretBox: world.secretBox,
      plugins: other.plugins,
      defaultModel,
      onModelsChanged: () => {},
    });
    await providers.connections.change(connectionId, { enabled: false });
    expect(() => providers.models.resolve('my-talker/fine')).toThrow('There is no model');
    await vi.waitFor(() => expect(second.models.list().map((model) => model.publicId)).toEqual(['fixed/one']), {
      timeout: 60_000,
    });
    await providers.connections.change(connectionId, { enabled: true });
    second.stop();
  });
});

describe('a call', () => {
  test('is tried again while nothing has been shown', async () => {
    statuses.push(503, 503);
    const { parts, end } = await chat('my-talker/fine');
    expect(parts).toEqual([{ type: 'text', text: 'hello' }]);
    expect(end).toMatchObject({ attempts: 3, error: null, finishReason: 'stop' });
  });

  test('is not tried again once something was shown', async () => {
    const { parts, end } = await chat('my-talker/breaks');
    expect(parts).toHaveLength(1);
    expect(end).toMatchObject({ attempts: 1, error: { class: 'server' } });
  });

  test('with a wrong key is not tried again, and its connection is marked', async () => {
    statuses.push(401);
    const { end } = await chat('my-talker/fine');
    expect(end).toMatchObject({ attempts: 1, error: { class: 'auth' } });
    const routes = providers.routes.find((route) => route.name === 'GET /api/admin/connections');
    expect(await routes?.handle({} as never)).toContainEqual(expect.objectContaining({ health: 'failing' }));
  });

  test('that reports impossible usage is taken as reporting none', async () => {
    expect((await chat('my-talker/fine')).end.usage).toEqual({ input: 3, isDoubtful: true });
  });

  test('whose plugin breaks the rules fails and names it', async () => {
    expect((await chat('my-talker/rules')).end).toMatchObject({ plugin: 'acme.talker', error: { class: 'server' } });
  });

  test('that ends without a finish was interrupted', async () => {
    expect((await chat('my-talker/silent')).end.error).toMatchObject({ class: 'interrupted' });
  });
});

describe('asking for models', () => {
  const route = (name: string) => providers.routes.find((one) => one.name === name)!;
  const input = () => ({ params: { id: connectionId }, caller: { userId: 'admin' } }) as never;

  test('proves address and key', async () => {
    expect(await route('POST /api/admin/connections/:id/test').handle(input())).toMatchObject({
      ok: true,
      modelsFound: 2,
    });
  });

  test('of a kind that has them itself counts as tried', async () => {
    const { connections } = providers;
    const { id } = (await connections.list()).find(
      ({ connection }) => connection.provider === 'acme.talker/fixed',
    )!.connection;
    expect((await connections.get(id)).lastTest ?? null).toBeNull();
    const tested = { params: { id }, caller: { userId: 'admin' } } as never;
    expect(await route('POST /api/admin/connections/:id/test').handle(tested)).toMatchObject({ ok: true });
    expect((await connections.get(id)).lastTest).toMatchObject({ ok: true });
  });

  test('that fails is kept, and over with the next change of what was tried', async () => {
    const list = () => route('GET /api/admin/connections').handle({} as never) as Promise<Connection[]>;
    const health = async () => (await list()).find(({ id }) => id === connectionId)!.health;
    await providers.connections.change(connectionId, { settings: { baseUrl: `${server.url}/gone` } });
    expect(await health()).toBe('unknown');
    const answer = await route('POST /api/admin/connections/:id/test').handle(input());
    expect(answer).toMatchObject({ ok: false, failure: { code: 'sandbox.threw' } });
    expect(await health()).toBe('failing');
    const { connections } = providers;
    expect((await connections.get(connectionId)).lastTest).toMatchObject({ ok: false, detail: expect.any(String) });
    await connections.change(connectionId, { name: 'Another name' });
    expect(await health()).toBe('failing');
    await connections.change(connectionId, { settings: { baseUrl: server.url } });
    expect(await health()).toBe('unknown');
  });

  test('at a private address that was refused names the permission that would help', async () => {
    const change = world.plugins.routes.find(({ name }) => name === 'PATCH /api/admin/plugins/:id')!;
    const refuse = (refusedPermissions: string[]) =>
      change.handle({
        params: { id: 'acme.talker' },
        body: { refusedPermissions },
        caller: { userId: hookSubject().userId },
      } as never);
    await refuse(['networkPrivate']);
    expect(await route('POST /api/admin/connections/:id/test').handle(input())).toMatchObject({
      ok: false,
      failure: {
        code: 'network.private-refused',
        detail: expect.stringContaining('127.0.0.1'),
        data: { pluginId: 'acme.talker', permission: 'networkPrivate', host: '127.0.0.1' },
      },
    });
    await expect(route('POST /api/admin/connections/:id/discover').handle(input())).rejects.toMatchObject({
      code: 'provider.discovery-failed',
      data: { reason: 'network.private-refused', pluginId: 'acme.talker' },
    });
    await refuse([]);
    expect(await route('POST /api/admin/connections/:id/test').handle(input())).toMatchObject({ ok: true });
  });

  test('marks the ones that are offered already', async () => {
    const found = await route('POST /api/admin/connections/:id/discover').handle(input());
    expect(found).toMatchObject([
      { id: 'a/b', known: false },
      { id: 'breaks', known: true },
    ]);
  });
});

describe('the default model', () => {
  test('is not chosen any more when it is removed, alone or with its connection', async () => {
    const connection = await providers.connections.create({
      provider: 'acme.talker/talker',
      name: 'Short lived',
      settings: { baseUrl: server.url },
      secrets: {},
      enabled: true,
    });
    const offer = (providerModel: string) =>
      providers.offered.create({
        connectionId: connection.id,
        providerModel,
        contextTokens: 1000,
        vision: false,
        tools: false,
        enabled: true,
      });
    const [one, two] = [await offer('one'), await offer('two')];
    chosen = two.publicId;
    await providers.offered.remove(one.id);
    expect(chosen).toBe(two.publicId);
    await providers.offered.remove(two.id);
    expect(chosen).toBeNull();
    chosen = (await offer('three')).publicId;
    await providers.connections.remove(connection.id);
    expect(chosen).toBeNull();
  });
});

import { PluginManifest } from '@parley/sdk/contract';
import { describe, expect, test } from 'vitest';
import { bindSecrets, optionalPermissions, resolveGrants } from './resolve-grants.ts';

const manifest = PluginManifest.parse({
  id: 'acme.talk',
  version: '1.0.0',
  api: '2026-11-01',
  name: 'Talk',
  description: 'Talks.',
  author: 'Acme',
  license: 'MIT',
  permissions: {
    network: [
      { fromSetting: 'baseUrl', reason: 'asks the server you name' },
      { host: 'stats.acme.com', pathPrefix: '/v2/', methods: ['POST'], reason: 'counts its requests', optional: true },
    ],
    networkPrivate: { reason: 'reaches servers at home', optional: true },
    secrets: [
      { name: 'apiKey', title: 'API key', boundTo: { fromSetting: 'baseUrl' }, reason: 'signs in at the server' },
    ],
    storage: { reason: 'remembers its models' },
  },
});
const settings = { baseUrl: 'http://Models.Home:8080/v1/' };

describe('grants', () => {
  test('are the wishes of the manifest, the host of a setting included', () => {
    expect(resolveGrants(manifest, [], settings)).toEqual({
      network: [
        { scheme: 'http', host: 'models.home', port: 8080, pathPrefix: '/', methods: ['GET', 'POST'] },
        { scheme: 'https', host: 'stats.acme.com', port: 443, pathPrefix: '/v2/', methods: ['POST'] },
      ],
      networkPrivate: true,
      capabilities: ['storage'],
    });
  });

  test('leave out what was refused', () => {
    const grants = resolveGrants(manifest, ['network.1', 'networkPrivate'], settings);
    expect(grants.network.map((grant) => grant.host)).toEqual(['models.home']);
    expect(grants.networkPrivate).toBe(false);
  });

  test.each(['', 'not a url', 'file:///etc/passwd', 'javascript:alert(1)', undefined, 7])(
    'give nothing for %j in the setting',
    (baseUrl) => {
      expect(resolveGrants(manifest, ['network.1'], { baseUrl }).network).toEqual([]);
      expect(bindSecrets(manifest, { apiKey: 'k' }, { baseUrl })).toEqual([]);
    },
  );

  test('may be refused only where the plugin says it can do without', () => {
    expect(optionalPermissions(manifest)).toEqual(['network.1', 'networkPrivate', 'secrets.0']);
  });
});

describe('secrets', () => {
  test('are bound to the host they are for', () => {
    expect(bindSecrets(manifest, { apiKey: 'sk-1', other: 'x' }, settings)).toEqual([
      {
        name: 'apiKey',
        value: 'sk-1',
        in: 'header',
        grant: expect.objectContaining({ host: 'models.home', port: 8080 }),
      },
    ]);
  });

  test('that are empty are not handed out', () => {
    expect(bindSecrets(manifest, { apiKey: '' }, settings)).toEqual([]);
  });
});

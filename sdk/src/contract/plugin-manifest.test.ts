import { describe, expect, it } from 'vitest';

import { manifestJsonSchema } from './manifest-json-schema.ts';
import { validateManifest } from './manifest-problems.ts';

const reason = 'Because the test needs it';
const plain = {
  id: 'acme.thing',
  version: '1.0.0',
  api: '2026-11-01',
  name: 'Thing',
  description: 'Does a thing',
  author: 'Acme',
  license: 'MIT',
  contributes: { promptTransforms: [{ id: 'main', name: 'Main' }] },
};

function problemsOf(over: Record<string, unknown>) {
  const result = validateManifest({ ...plain, ...over });
  return result.ok ? [] : result.problems;
}
const pathsOf = (over: Record<string, unknown>) => problemsOf(over).map(({ path }) => path);

describe('the manifest', () => {
  it('gets its defaults', () => {
    const result = validateManifest(plain);
    expect(result).toMatchObject({
      ok: true,
      manifest: { server: 'dist/server.js', sharedContext: false, permissions: { network: [], secrets: [] } },
    });
  });

  it('is refused whole, with every place named and how to mend it', () => {
    const problems = problemsOf({ id: 'Thing', version: '1.0', name: '', api: '2020-01-01', author: 5, colour: 'red' });
    expect(problems.map(({ path }) => path).toSorted()).toEqual(['api', 'author', 'colour', 'id', 'name', 'version']);
    expect(problems.find(({ path }) => path === 'api')?.fix).toBe('Write "2026-11-01"');
    expect(problems.find(({ path }) => path === 'colour')?.problem).toBe('is not a known key');
    expect(problems.find(({ path }) => path === 'version')?.fix).toContain('1.4.0');
    expect(problems.every(({ problem, fix }) => problem !== '' && fix !== '')).toBe(true);
  });

  it('says what is missing, and takes nothing that is no object', () => {
    const { name: _name, ...nameless } = plain;
    expect(validateManifest(nameless)).toMatchObject({
      ok: false,
      problems: [{ path: 'name', problem: 'is missing' }],
    });
    for (const json of [null, [], 'text', 5, undefined]) expect(validateManifest(json).ok).toBe(false);
  });

  it('speaks of the form of a network permission that was meant', () => {
    const network = [
      { host: 'api.example.com', reason: 'short' },
      { fromSetting: 'url', reason, hosts: 1 },
    ];
    expect(pathsOf({ permissions: { network } })).toEqual([
      'permissions.network[0].reason',
      'permissions.network[1].hosts',
    ]);
  });

  it('wants its parts to fit together', () => {
    const provider = { id: 'p', name: 'P', secrets: ['apiKey', 'other'] };
    const permissions = {
      network: [
        { fromSetting: 'baseUrl', reason },
        { host: '*.com', reason },
      ],
      networkPrivate: { reason },
      secrets: [{ name: 'apiKey', title: 'Key', boundTo: { host: 'elsewhere.example' }, reason }],
    };
    expect(pathsOf({ contributes: { providers: [provider, provider] }, permissions }).toSorted()).toEqual([
      'contributes.providers[0].secrets[1]',
      'contributes.providers[1].id',
      'contributes.providers[1].secrets[1]',
      'permissions.network[0].fromSetting',
      'permissions.network[1].host',
      'permissions.secrets[0].boundTo',
    ]);
  });

  it('refuses what no plugin may ask for', () => {
    expect(pathsOf({ sharedContext: true })).toEqual(['sharedContext']);
    expect(pathsOf({ server: '../../core/main.js' })).toEqual(['server']);
    expect(pathsOf({ server: '/etc/passwd' })).toEqual(['server']);
    expect(pathsOf({ settings: { type: 'string' } })).toEqual(['settings']);
    expect(pathsOf({ contributes: {} })).toEqual(['contributes']);
  });

  it('is not fooled by keys of the prototype', () => {
    expect(validateManifest(JSON.parse('{"__proto__": {"id": "acme.thing"}, "constructor": 1}')).ok).toBe(false);
  });

  it('has a JSON Schema that editors can read', () => {
    const schema = manifestJsonSchema();
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(schema.required).toEqual(['id', 'version', 'api', 'name', 'description', 'author', 'license']);
  });
});

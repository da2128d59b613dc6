import { afterAll, beforeAll, expect, test } from 'vitest';
import { testManifest } from '../testing/index.ts';
import { createSandboxHost, type FilterHandle, type SandboxedPlugin, type SandboxHost } from './index.ts';

const code = (version: string) => `export default {
  streamFilters: { f: { start: ({ settings }) => ({ push: (text) => ({ text: text + settings.mark + '${version}' }), end: () => ({ text: '' }) }) } },
};`;
const plugin = (mark: string, source = code('a')): SandboxedPlugin => ({
  id: 'test.plugin',
  version: '1.0.0',
  trust: 'official',
  manifest: testManifest({ streamFilters: ['f'] }),
  code: source,
  grants: { network: [], networkPrivate: false, capabilities: [] },
  settings: { mark },
});

let host: SandboxHost;
beforeAll(async () => {
  host = createSandboxHost({ capabilities: {} });
  await host.start();
});
afterAll(() => host.stop());

const open = (): Promise<FilterHandle> =>
  host.openFilter({
    plugin: 'test.plugin@1.0.0',
    kind: 'streamFilters',
    contribution: 'f',
    method: 'start',
    input: undefined,
    context: {},
    subject: { userId: 'u' },
  });

test('new settings serve new calls, while calls that are open end with the old ones', async () => {
  await host.load(plugin('!'));
  const before = await open();
  expect(await before.push('x')).toEqual({ text: 'x!a' });
  await host.load(plugin('?'));
  const after = await open();
  expect(await after.push('x')).toEqual({ text: 'x?a' });
  expect(await before.push('x')).toEqual({ text: 'x!a' });
  await before.end();
  before.close();
  expect(host.health().workers.flatMap((worker) => worker.plugins)).toEqual(['test.plugin@1.0.0']);
  after.close();
});

test('a version that cannot be loaded leaves the one before in service', async () => {
  await host.load(plugin('!'));
  await expect(host.load(plugin('?', 'this is no module'))).rejects.toMatchObject({ code: 'sandbox.load-failed' });
  const filter = await open();
  expect(await filter.push('x')).toEqual({ text: 'x!a' });
  filter.close();
});

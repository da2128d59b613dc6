import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderPart } from '../plugin/chat.ts';
import { createPluginHarness, startScriptedServer, testManifest } from './index.ts';
import type { HarnessOptions, PluginHarness } from './index.ts';
import { unhurried } from './unhurried.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function harnessOf(options: HarnessOptions): Promise<PluginHarness> {
  const harness = await createPluginHarness({ limits: unhurried, ...options });
  cleanups.push(() => harness.close());
  return harness;
}
async function all(parts: AsyncIterable<ProviderPart>): Promise<ProviderPart[]> {
  const list: ProviderPart[] = [];
  for await (const part of parts) list.push(part);
  return list;
}
const request = { model: 'm', messages: [], parameters: {}, stream: true };

describe('the plugin harness', () => {
  it('calls a transform, a moderator and a filter in the real worker', async () => {
    const harness = await harnessOf({
      manifest: testManifest({ promptTransforms: ['t'], moderators: ['m'], streamFilters: ['f'] }),
      source: `export default {
        promptTransforms: { t: { transform: (prompt, context) => ({ appendSystem: prompt.messages.length + context.locale }) } },
        moderators: { m: { async check({ text }) { return text.includes('no') ? { action: 'block', rule: 'r' } : { action: 'allow' }; } } },
        streamFilters: { f: { start() { let kept = ''; return {
          push(text) { const out = kept; kept = text; return { text: out }; }, end() { return { text: kept }; } }; } } },
      };`,
    });
    expect(await harness.transform('t', { messages: [{ role: 'user', content: 'hello' }] })).toEqual({
      appendSystem: '1en',
    });
    expect(await harness.check('m', { direction: 'input', text: 'yes' })).toEqual({ action: 'allow' });
    expect(await harness.check('m', { direction: 'input', text: 'no' })).toEqual({ action: 'block', rule: 'r' });
    const filtered = await harness.filter('f', ['a', 'b', 'c']);
    expect(filtered.text).toBe('abc');
    expect(filtered.results[0]).toEqual({ text: '' });
  });

  it('streams a provider that reads a granted server, with the secret put in by the host', async () => {
    const server = await startScriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: one \n\ndata: two\n\n');
    });
    cleanups.push(() => server.close());
    const harness = await harnessOf({
      manifest: testManifest(
        { providers: ['p'] },
        {
          permissions: {
            network: [{ fromSetting: 'baseUrl', reason: 'talks to the server' }],
            networkPrivate: { reason: 'the server is local' },
            secrets: [{ name: 'key', title: 'Key', boundTo: { fromSetting: 'baseUrl' }, reason: 'identifies you' }],
          },
        },
      ),
      source: `export default { providers: { p: { async *chat(request, context) {
        const { settings, secrets } = context.connection;
        const response = await fetch(settings.baseUrl + '/chat', { headers: { authorization: 'Bearer ' + secrets.key } });
        for await (const batch of response.eventBatches()) for (const event of batch) yield { type: 'text', text: event.data };
        yield { type: 'text', text: secrets.key.includes('hush') ? ' LEAKED' : ' safe' };
        yield { type: 'finish', reason: 'stop' };
      } } } };`,
      connection: { settings: { baseUrl: server.url }, secrets: { key: 'hush' } },
    });
    const parts = await all(harness.chat('p', request));
    expect(parts.map((part) => ('text' in part ? part.text : '')).join('')).toBe('one two safe');
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer hush');
  });

  it('records host calls and logs, and keeps storage in memory', async () => {
    const harness = await harnessOf({
      manifest: testManifest(
        { promptTransforms: ['t'] },
        { permissions: { storage: { reason: 'remembers a count' } } },
      ),
      source: `export default { promptTransforms: { t: { async transform(prompt, { storage, log, permissions }) {
        const count = ((await storage.get('count')) ?? 0) + 1;
        await storage.set('count', count);
        log.info('count is ' + count);
        return { note: count + ' ' + permissions.has('storage') + ' ' + permissions.has('network') };
      } } } };`,
    });
    expect(await harness.transform('t', { messages: [] })).toEqual({ note: '1 true false' });
    expect(await harness.transform('t', { messages: [] })).toEqual({ note: '2 true false' });
    expect(harness.hostCalls.map((call) => call.name)).toEqual([
      'storage.get',
      'storage.set',
      'storage.get',
      'storage.set',
    ]);
    expect(harness.logs.map((line) => line.text)).toEqual(['count is 1', 'count is 2']);
  });

  it('says why a plugin does not load', async () => {
    const manifest = testManifest({ promptTransforms: ['t'] });
    await expect(createPluginHarness({ manifest, source: 'export default {' })).rejects.toMatchObject({
      code: 'sandbox.load-failed',
    });
    await expect(createPluginHarness({ manifest, source: 'export default {};' })).rejects.toMatchObject({
      code: 'sandbox.load-failed',
      detail: 'the manifest declares promptTransforms.t, but the code has no transform there',
    });
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderPart } from '../plugin/chat.ts';
import { createPluginHarness, startScriptedServer, testManifest } from '../testing/index.ts';
import type { HarnessOptions, PluginHarness } from '../testing/index.ts';
import { unhurried } from '../testing/unhurried.ts';
import { HostCallError } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
async function start(options: HarnessOptions): Promise<PluginHarness> {
  const harness = await createPluginHarness({ ...options, limits: { ...unhurried, ...options.limits } });
  cleanups.push(() => harness.close());
  return harness;
}
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (failure: { code: string }) => failure.code,
  );
async function all(parts: AsyncIterable<ProviderPart>): Promise<ProviderPart[]> {
  const list: ProviderPart[] = [];
  for await (const part of parts) list.push(part);
  return list;
}
const request = { model: 'm', messages: [], parameters: {}, stream: true };

describe('a context never serves two users', () => {
  const source = `let count = 0; let kept = []; export default { promptTransforms: { t: { transform(prompt) {
    count += 1; globalThis.left = (globalThis.left ?? '') + prompt.model; Array.prototype.left = prompt.model;
    return { note: count + ' ' + globalThis.left };
  } } } };`;
  it('each call of a plugin finds its module as new', async () => {
    for (const trust of ['reviewed', 'unreviewed', 'dev'] as const) {
      const harness = await start({
        manifest: testManifest({ promptTransforms: ['t'] }, { sharedContext: true }),
        source,
        trust,
      });
      for (const model of ['a', 'b', 'c'])
        expect(await harness.transform('t', { messages: [], model })).toEqual({ note: `1 ${model}` });
    }
  });
  it('only official plugins that ask for it keep one context', async () => {
    const shared = await start({
      manifest: testManifest({ promptTransforms: ['t'] }, { sharedContext: true }),
      source,
      trust: 'official',
    });
    await shared.transform('t', { messages: [], model: 'a' });
    expect(await shared.transform('t', { messages: [], model: 'b' })).toEqual({ note: '2 ab' });
    const fresh = await start({ manifest: testManifest({ promptTransforms: ['t'] }), source, trust: 'official' });
    await fresh.transform('t', { messages: [], model: 'a' });
    expect(await fresh.transform('t', { messages: [], model: 'b' })).toEqual({ note: '1 b' });
  });
});

describe('a shared context', () => {
  it('keeps streams apart: each part reaches its own call, a fetch finds its call by the signal', async () => {
    const server = await startScriptedServer((incoming, response) => {
      for (let i = 0; i < 20; i += 1) response.write(`data: ${incoming.path.slice(1)}.${i}\n\n`);
      response.end();
    });
    cleanups.push(() => server.close());
    const harness = await start({
      manifest: testManifest(
        { providers: ['p'] },
        {
          sharedContext: true,
          permissions: {
            network: [{ fromSetting: 'url', reason: 'talks to the server' }],
            networkPrivate: { reason: 'the server is local' },
          },
        },
      ),
      connection: { settings: { url: server.url } },
      source: `export default { providers: { p: { async *chat(request, context) {
        await new Promise((done) => setTimeout(done, 1));
        const signal = AbortSignal.any([context.signal, AbortSignal.timeout(60000)]);
        const response = await fetch(context.connection.settings.url + '/' + request.model, { signal });
        for await (const batch of response.eventBatches()) for (const event of batch) yield { type: 'text', text: event.data + ' ' };
        const lost = await fetch(context.connection.settings.url).catch((fault) => fault.code);
        yield { type: 'finish', reason: 'stop', raw: lost };
      } } } };`,
    });
    const runs = await Promise.all(
      Array.from({ length: 30 }, (_, i) => all(harness.chat('p', { ...request, model: `m${i}` }))),
    );
    for (const [i, parts] of runs.entries()) {
      const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      expect(text).toBe(Array.from({ length: 20 }, (_, n) => `m${i}.${n} `).join(''));
      expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop', raw: 'host.invalid' });
    }
  });
  it('goes on for the others when one call fails or is stopped', async () => {
    const harness = await start({
      manifest: testManifest({ promptTransforms: ['t'] }, { sharedContext: true }),
      source: `export default { promptTransforms: { t: { async transform(prompt, context) {
        if (prompt.model === 'never') return new Promise((_, reject) => context.signal.addEventListener('abort', () => { globalThis.heard = true; reject(new Error('late')); }));
        await new Promise((done) => setTimeout(done, 50));
        if (prompt.model === 'throw') throw new Error('x');
        return { note: String(globalThis.heard) };
      } } } };`,
    });
    const controller = new AbortController();
    const runs = [
      outcome(harness.transform('t', { messages: [], model: 'ok' })),
      outcome(harness.transform('t', { messages: [], model: 'throw' })),
      outcome(harness.transform('t', { messages: [], model: 'never' }, { signal: controller.signal })),
    ];
    expect(await runs[0]).toEqual({ note: 'undefined' });
    expect(await runs[1]).toBe('sandbox.threw');
    controller.abort();
    expect(await runs[2]).toBe('sandbox.aborted');
    expect(await harness.transform('t', { messages: [], model: 'ok' })).toEqual({ note: 'true' });
  });
});

describe('host calls', () => {
  const manifest = testManifest(
    { promptTransforms: ['t'] },
    { permissions: { storage: { reason: 'remembers things' } } },
  );
  const asks = (body: string) =>
    `export default { promptTransforms: { t: { async transform(prompt, { storage }) { const code = (promise) => promise.then(() => 'ok', (fault) => fault.code + ': ' + fault.message); return { note: String(await (${body})) }; } } } };`;

  it('are refused without the grant, whatever the arguments say', async () => {
    const harness = await start({ manifest, grants: { capabilities: [] }, source: asks(`code(storage.get('x'))`) });
    expect(await harness.transform('t', { messages: [] })).toEqual({ note: 'host.denied: this was not granted' });
    expect(harness.hostCalls).toEqual([]);
  });
  it('carry the sentence of a refusal, and nothing of what broke inside the host', async () => {
    const refusing = await start({
      manifest,
      source: asks(`code(storage.get('x'))`),
      capabilities: { storage: () => Promise.reject(new HostCallError('host.invalid', 'no such key')) },
    });
    expect(await refusing.transform('t', { messages: [] })).toEqual({ note: 'host.invalid: no such key' });
    const broken = await start({
      manifest,
      source: asks(`code(storage.get('x'))`),
      capabilities: { storage: () => Promise.reject(new Error('secret at /home/x')) },
    });
    expect(await broken.transform('t', { messages: [] })).toEqual({
      note: 'host.unavailable: the host could not answer',
    });
  });
  it('are counted: in all, at once, and by the size of their arguments', async () => {
    const limits = { hostCalls: 20, hostCallsInFlight: 4, argumentBytes: 1_000 };
    const harness = await start({
      manifest,
      limits,
      source: asks(
        `Promise.all(Array.from({ length: 6 }, () => code(storage.get('x')))).then((codes) => codes.filter((text) => text === 'ok').length)`,
      ),
    });
    expect(await harness.transform('t', { messages: [] })).toEqual({ note: '4' });
    const many = await start({
      manifest,
      limits,
      source: asks(
        `(async () => { let ok = 0; for (let i = 0; i < 30; i += 1) if ((await code(storage.get('x'))) === 'ok') ok += 1; return ok; })()`,
      ),
    });
    expect(await many.transform('t', { messages: [] })).toEqual({ note: '20' });
    const large = await start({ manifest, limits, source: asks(`code(storage.set('x', 'y'.repeat(2000)))`) });
    expect(await large.transform('t', { messages: [] })).toEqual({ note: 'host.budget: the arguments are too large' });
  });
  it('have their signal fired when the call ends, and their answer is dropped', async () => {
    let aborted = false;
    const harness = await start({
      manifest,
      source: `export default { promptTransforms: { t: { transform(prompt, { storage }) { storage.get('x'); return { note: 'done' }; } } } };`,
      capabilities: {
        storage: ({ signal }) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => {
              aborted = true;
              resolve('late');
            }),
          ),
      },
    });
    expect(await harness.transform('t', { messages: [] })).toEqual({ note: 'done' });
    expect(aborted).toBe(true);
  });
});

describe('budgets of a stream', () => {
  const provider = (body: string) =>
    `export default { providers: { p: { async *chat(request, context) { ${body} } } } };`;
  const start1 = (body: string, limits: HarnessOptions['limits'] = {}) =>
    start({ manifest: testManifest({ providers: ['p'] }), source: provider(body), limits });

  it('ends a provider that yields too many parts, too much text, or nothing for too long', async () => {
    const parts = await start1(`for (let i = 0; ; i += 1) yield { type: 'toolCall', index: i, arguments: '' };`, {
      emittedParts: 1_000,
    });
    expect(await outcome(all(parts.chat('p', request)))).toBe('sandbox.budget');
    const text = await start1(
      `for (;;) { yield { type: 'text', text: 'x'.repeat(1000) }; await new Promise((done) => setTimeout(done, 1)); }`,
      { resultBytes: 20_000 },
    );
    expect(await outcome(all(text.chat('p', request)))).toBe('sandbox.budget');
    const silent = await start1(`yield { type: 'text', text: 'x' }; await new Promise(() => {});`, { idleMs: 200 });
    expect(await outcome(all(silent.chat('p', request)))).toBe('sandbox.timed-out');
  });
  it('does not end a slow one that keeps talking', async () => {
    const slow = await start1(
      // It speaks for longer than it may be silent; a pause is a small part of that, for machines that stretch it.
      `for (let i = 0; i < 40; i += 1) { yield { type: 'text', text: 'x' }; await new Promise((done) => setTimeout(done, 80)); }`,
      { idleMs: 3_000, wallMs: 100 },
    );
    expect(await all(slow.chat('p', request))).toHaveLength(40);
  });
  it('refuses parts that are no parts', async () => {
    for (const part of [
      `'text'`,
      `null`,
      `[]`,
      `{ text: 'x' }`,
      `{ type: 'text', text: 5 }`,
      `{ type: 'usage', deep: { deep: { deep: { deep: 1 } } } }`,
      `{ type: 'text', get text() { throw new Error('getter'); } }`,
    ]) {
      const harness = await start1(`yield ${part};`);
      expect(await outcome(all(harness.chat('p', request)))).toMatch(/^sandbox\.(threw|invalid-result)$/);
    }
  });
  it.each([false, true])('counts processor time over the whole call (shared: %s)', async (sharedContext) => {
    const busy = await start({
      manifest: testManifest({ providers: ['p'] }, { sharedContext }),
      source: provider(
        `for (;;) { const until = Date.now() + 40; while (Date.now() < until); yield { type: 'text', text: 'x' }; await new Promise((done) => setTimeout(done, 1)); }`,
      ),
      trust: 'official',
      limits: { cpuMs: 300 },
    });
    expect(await outcome(all(busy.chat('p', request)))).toBe('sandbox.timed-out');
  });
  it('joins neighbouring text of one entry, and keeps the order of all parts', async () => {
    const harness =
      await start1(`for (const [type, text] of [['text', 'a'], ['text', 'b'], ['reasoning', 'c'], ['reasoning', 'd'], ['text', 'e']]) yield { type, text };
      yield { type: 'usage', input: 1 }; yield { type: 'text', text: 'f' }; yield { type: 'finish', reason: 'stop' };`);
    expect(await all(harness.chat('p', request))).toEqual([
      { type: 'text', text: 'ab' },
      { type: 'reasoning', text: 'cd' },
      { type: 'text', text: 'e' },
      { type: 'usage', input: 1 },
      { type: 'text', text: 'f' },
      { type: 'finish', reason: 'stop' },
    ]);
  });
});

import { PluginManifest } from '@parley/sdk/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost } from './support/hostile-host.ts';

const stores = new Map<string, Map<string, unknown>>();
function storeOf(plugin: string): Map<string, unknown> {
  const store = stores.get(plugin) ?? new Map<string, unknown>();
  stores.set(plugin, store);
  return store;
}
const host = new HostileHost({
  capabilities: {
    'storage.get': async ({ plugin, args }) => storeOf(plugin).get((args as { key: string }).key) ?? null,
    'storage.set': async ({ plugin, args }) => {
      const { key, value } = args as { key: string; value: unknown };
      storeOf(plugin).set(key, value);
      return null;
    },
  },
});
beforeAll(() => host.start());
afterAll(() => host.stop());

const storage = { capabilities: ['storage'] };

describe('one person served by a plugin', () => {
  it('leaves nothing behind for the next: globals, prototypes, module variables, timers, patched built-ins', async () => {
    const plugin = await host.load(
      `const before = [globalThis.left, Array.prototype.left, Object.prototype.left, left, kept.length, Promise.left, JSON.stringify === own, context.left, console.left];
       globalThis.left = Array.prototype.left = left = Promise.left = 'from ' + prompt.from;
       Object.defineProperty(Object.prototype, 'left', { value: 'from ' + prompt.from, configurable: true, writable: true });
       kept.push(prompt.from);
       const native = JSON.stringify; own = JSON.stringify = (value) => native(value);
       setInterval(() => kept.push('timer'), 1);
       return { before: before.map((value) => value ?? null) };`,
      { prelude: 'let left; let own; const kept = [];' },
    );
    for (const user of ['a', 'b', 'c']) {
      const { result } = await host.outcome(plugin, { user, input: { from: user } });
      expect(result).toEqual({ before: [null, null, null, null, 0, null, false, null, null] });
    }
    await host.innocentAnswers();
  });

  it('meets no other while both are served at once', async () => {
    const plugin = await host.load(
      `seen.push(prompt.from); globalThis.name = prompt.from;
       await new Promise((resolve) => setTimeout(resolve, 30));
       return { seen, name: globalThis.name };`,
      { prelude: 'const seen = [];' },
    );
    const users = Array.from({ length: 10 }, (_, index) => `user-${index}`);
    const outcomes = await Promise.all(users.map((user) => host.outcome(plugin, { user, input: { from: user } })));
    expect(outcomes.map(({ result }) => result)).toEqual(users.map((user) => ({ seen: [user], name: user })));
  });

  it('is not found in a stream filter or a stream of somebody else', async () => {
    const filter = await host.load(
      `mark.push('x'); return { push: (text) => ({ text: text + mark.length }), end: () => ({ text: '' }) };`,
      {
        kind: 'streamFilters',
        prelude: 'const mark = [];',
      },
    );
    const runs = await Promise.all(
      [1, 2, 3].map((n) => host.sandbox.openFilter(host.callOf(filter, 'streamFilters', { user: `u${n}` }))),
    );
    for (const run of runs) expect(await run.push('a')).toMatchObject({ text: 'a1' });
    for (const run of runs) run.close();
  });
});

describe('the context of a plugin that is not ours', () => {
  it('is fresh for every call even if its manifest asks to share it', async () => {
    const plugin = {
      id: 'acme.sharing',
      version: '1.0.0',
      trust: 'reviewed' as const,
      manifest: PluginManifest.parse({
        id: 'acme.sharing',
        version: '1.0.0',
        api: '2026-11-01',
        name: 'Sharing',
        description: 'Asks to share its context',
        author: 'Acme',
        license: 'MIT',
        contributes: { promptTransforms: [{ id: 'main', name: 'Main' }] },
        sharedContext: true,
      }),
      code: 'let n = 0; export default { promptTransforms: { main: { transform: () => ({ n: ++n }) } } };',
      grants: { network: [], networkPrivate: false, capabilities: [] },
      settings: {},
    };
    // Refusing it is as good as not sharing.
    await host.sandbox.load(plugin).catch(() => undefined);
    const outcomes = await Promise.all(['a', 'b'].map((user) => host.outcome('acme.sharing@1.0.0', { user })));
    expect(outcomes.map(({ result }) => result ?? { n: 1 })).toEqual([{ n: 1 }, { n: 1 }]);
  });
});

describe('another plugin', () => {
  it('keeps its storage to itself, whatever keys are asked for', async () => {
    const owner = await host.load('await context.storage.set("secret", "mine"); return {};', { grants: storage });
    await host.outcome(owner);
    const body = `
      const found = [];
      for (const key of ['secret', '${owner}:secret', '../secret', '../${owner}/secret', '*', '%', 'secret\\u0000', '__proto__', '${owner}']) {
        found.push(await context.storage.get(key).catch((error) => error.code));
      }
      return found;`;
    const { result } = await host.attack(body, { grants: storage });
    expect(JSON.stringify(result)).not.toContain('mine');
  });

  it('can not be asked for by a plugin without the grant', async () => {
    const body =
      'try { await context.storage.get("a"); return { code: "taken" }; } catch (error) { return { code: error.code }; }';
    expect((await host.attack(body)).result).toEqual({ code: 'host.denied' });
  });

  it('shares no global, prototype or symbol with it in one process', async () => {
    const mark = await host.load(
      'Object.prototype.marked = 1; globalThis.marked = 1; Symbol.for("shared").constructor.marked = 1; await new Promise((r) => setTimeout(r, 200)); return {};',
    );
    const running = host.outcome(mark);
    const { result } = await host.attack(
      'return { marks: [typeof {}.marked, typeof globalThis.marked, typeof Symbol.marked] };',
    );
    expect(result).toEqual({ marks: ['undefined', 'undefined', 'undefined'] });
    await running;
  });
});

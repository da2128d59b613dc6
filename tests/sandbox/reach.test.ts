import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost } from './support/hostile-host.ts';
import { walkRealm } from './support/walk-realm.ts';

const host = new HostileHost({ capabilities: { 'storage.get': async () => ({ a: { b: [1] } }) } });
beforeAll(() => host.start());
afterAll(() => host.stop());

const storage = { capabilities: ['storage'] };

describe('what a plugin can reach', () => {
  it('is its own realm and nothing else: every object from the globals, the arguments and what host calls give', async () => {
    const body = `
      const thrown = [];
      const attempt = async (act) => { try { thrown.push(await act()); } catch (error) { thrown.push(error); } };
      await attempt(() => fetch('http://127.0.0.1/'));
      await attempt(() => fetch('nonsense'));
      await attempt(() => context.storage.get('a'));
      await attempt(() => context.storage.set('a', 1));
      await attempt(() => new URL('nonsense'));
      await attempt(() => crypto.subtle.digest('SHA-256', new Uint8Array(3)));
      await attempt(() => crypto.subtle.digest('nonsense', new Uint8Array(3)));
      await attempt(() => structuredClone(new Map([[1, { a: new Date() }]])));
      await attempt(() => structuredClone(() => 1));
      await attempt(() => new TextDecoder().decode(new Uint8Array([255])));
      await attempt(() => atob('***'));
      await attempt(() => new Response('x').text());
      await attempt(() => new ReadableStream({ start(c) { thrown.push(c); c.close(); } }));
      await attempt(() => new Promise((resolve) => setTimeout(resolve, 1)));
      await attempt(() => import('node:fs'));
      const pending = fetch('http://127.0.0.1/').catch((error) => error);
      return walk({ globalThis, prompt, context, thrown, pending, awaited: await pending, meta: import.meta,
        generator: (function* () {})(), asyncGenerator: (async function* () {})(), arguments });`;
    const outcome = await host.attack(body, { prelude: walkRealm, grants: storage });
    expect(outcome.failure).toBeUndefined();
    const { visited, strange } = outcome.result as { visited: number; strange: string[] };
    expect(strange).toEqual([]);
    expect(visited).toBeGreaterThan(500);
  });

  const gone = [
    'process require module exports global Buffer setImmediate __dirname ivm isolate',
    'WebAssembly SharedArrayBuffer Atomics FinalizationRegistry WeakRef',
    'parleyHost parleyGuestSource enter _ivm primordials internalBinding Deno Bun WebSocket XMLHttpRequest',
  ].flatMap((line) => line.split(' '));
  it.each(gone)('has no %s, also not by way of a function constructor', async (name) => {
    const body = `
      const made = [Function, (async () => {}).constructor, (function* () {}).constructor, (async function* () {}).constructor];
      const seen = [typeof globalThis[${JSON.stringify(name)}]];
      for (const make of made) {
        const value = make('return typeof ${name}')();
        const settled = typeof value.next === 'function' ? (await value.next()).value : await value;
        seen.push(settled);
      }
      seen.push((0, eval)('typeof ${name}'), globalThis.constructor.constructor('return typeof ${name}')());
      return [...new Set(seen)];`;
    expect((await host.attack(body)).result).toEqual(['undefined']);
  });

  it('is no module: neither by import() nor by a module of its own', async () => {
    const body = `
      const answers = [];
      for (const name of ['node:fs', 'fs', 'isolated-vm', 'data:text/javascript,export default 1', './plugin.js', 'file:///etc/passwd']) {
        answers.push(await import(name).then(() => 'loaded', () => 'refused'));
      }
      return [...new Set(answers)];`;
    const { result } = await host.attack(body);
    expect(result).toEqual(['refused']);
    await expect(host.loadCode('import fs from "node:fs"; export default {};', {}, {})).rejects.toMatchObject({
      code: 'sandbox.load-failed',
    });
  });

  it.each([
    '} } } }; globalThis.escaped = 1; ({ a: { b: { c() {',
    '})(); globalThis.escaped = 1; (() => {',
    'return { note: "x" }; } } } }; export default { promptTransforms: { main: { transform() {',
    '*/ globalThis.escaped = 1; /*',
  ])('is not the text around it, which there is none of: %s', async (text) => {
    const code = `export default { promptTransforms: { main: { transform() { return { note: 'inside' }; } } } };\n${text}`;
    const contributes = { promptTransforms: [{ id: 'main', name: 'Main' }] };
    await expect(host.loadCode(code, {}, contributes)).rejects.toMatchObject({ code: 'sandbox.load-failed' });
    await host.innocentAnswers();
  });

  it('is no frame of the runtime: neither by the stack of an error nor by a caller', async () => {
    const body = `
      const found = [];
      Error.stackTraceLimit = 100;
      Error.prepareStackTrace = (error, sites) => {
        for (const site of sites) for (const get of ['getThis', 'getFunction', 'getEvalOrigin']) {
          const value = site[get]?.();
          if (typeof value === 'function' || (typeof value === 'object' && value !== null)) found.push(get + ':' + (value === globalThis ? 'global' : value.name || typeof value));
        }
        return sites.map((site) => site.getFileName?.() + ':' + site.getFunctionName?.()).join(' ');
      };
      const stacks = [];
      const look = () => stacks.push(new Error('x').stack);
      look();
      const trap = { get note() { look(); return 'x'; }, get then() { look(); return undefined; } };
      await Promise.resolve(trap);
      console.log({ toJSON() { look(); return 1; } });
      new URL({ toString() { look(); return 'https://a.example'; } });
      setTimeout(() => look(), 1);
      await new Promise((resolve) => setTimeout(() => { look(); resolve(); }, 2));
      let caller;
      try { caller = (function () { return arguments.callee.caller; })(); } catch (error) { caller = String(error); }
      return { found: found.filter((name) => !/transform|look|global|main/.test(name)), stacks, caller: typeof caller };`;
    const { result } = await host.attack(body);
    const { found, stacks } = result as { found: string[]; stacks: string[] };
    expect(found).toEqual([]);
    expect(stacks.join('\n')).not.toMatch(/\/|node:|\.ts\b/);
  });

  it('is no error of the host, even when its stack runs out inside a host function', async () => {
    const body = `
      const caught = new Set();
      const dive = (depth) => {
        try { dive(depth + 1); } catch (error) { caught.add(error); }
        if (depth % 50 === 0) for (const act of [() => new URL('https://a.example/'), () => crypto.randomUUID(), () => console.log('x')]) {
          try { act(); } catch (error) { caught.add(error); }
        }
      };
      dive(0);
      const list = [...caught].slice(0, 50);
      return { ...walk({ list }), foreign: list.filter((error) => !(error instanceof Error)).length, stacks: list.map((error) => String(error.stack)).join(' ').slice(0, 20000) };`;
    const { result, failure } = await host.attack(body, {
      prelude: walkRealm,
      limits: { logLines: 100_000, logBytes: 1e7 },
    });
    expect(failure?.code).toBeUndefined();
    const found = result as { strange: string[]; foreign: number; stacks: string };
    expect(found.strange).toEqual([]);
    expect(found.foreign).toBe(0);
    expect(found.stacks).not.toMatch(/node:internal|\/sdk\/|file:/);
  });

  it('has no clock finer than a millisecond but the language allows Date', async () => {
    const body = 'return { performance: typeof globalThis.performance, hr: Number.isInteger(Date.now()) };';
    expect((await host.attack(body)).result).toEqual({ performance: 'undefined', hr: true });
  });

  it('reads no file, environment or name of the machine out of error texts', async () => {
    const body = `
      const texts = [];
      for (const act of [() => null.x, () => new Proxy({}, 5), () => crypto.subtle.digest('SHA-256', 5), () => new URL(Symbol()), () => fetch({}), () => fetch('http://x'), () => context.storage.get(Symbol())]) {
        try { await act(); texts.push('fine'); } catch (error) { texts.push(String(error?.stack) + String(error?.message) + JSON.stringify(error)); }
      }
      return texts;`;
    const { result } = await host.attack(body, { grants: storage });
    expect(JSON.stringify(result)).not.toMatch(
      /\/(work|root|home|usr|tmp|sdk)\/|node:|node_modules|\.ts\b|at .*\(file/,
    );
  });
});

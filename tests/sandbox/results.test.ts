import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost } from './support/hostile-host.ts';

const host = new HostileHost();
beforeAll(() => host.start());
afterAll(() => host.stop());

const roomy = { memoryMb: 128, sliceMs: 1_000, cpuMs: 2_000, wallMs: 2_000 };

describe('what a plugin hands back', () => {
  it.each([
    ['a string of 200 MB', 'return { note: "x".repeat(2e8) };'],
    ['an array of a million objects', 'return { list: Array.from({ length: 1e6 }, () => ({ a: 1 })) };'],
    ['nesting of 100,000 levels', 'let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return o;'],
    [
      'nesting of 100,000 levels, written by toJSON',
      'return { toJSON() { let o = []; for (let i = 0; i < 3000; i++) o = [o]; return o; } };',
    ],
    ['a graph that unfolds exponentially', 'let o = [1]; for (let i = 0; i < 40; i++) o = [o, o]; return { o };'],
    ['a circle', 'const o = {}; o.o = o; return o;'],
    ['a bigint', 'return { n: 1n };'],
    ['a getter that throws', 'return { get note() { throw new Error("no"); } };'],
    ['a toJSON that throws nothing useful', 'return { toJSON() { throw null; } };'],
  ])('is refused when it is %s', async (_name, body) => {
    const { failure } = await host.attack(body, { limits: roomy });
    expect(failure?.code).toMatch(/^sandbox\.(invalid-result|budget|out-of-memory|timed-out|crashed|threw)$/);
  });

  it.each([
    ['an error', 'throw new Error("x".repeat(2e8));'],
    ['a text', 'throw "x".repeat(2e8);'],
    ['an unhandled rejection', 'Promise.reject(new Error("x".repeat(2e8))); await null; throw new Error("after");'],
    ['an error with a huge name', 'throw Object.assign(new Error("x"), { name: "n".repeat(2e8) });'],
    ['a log line', 'context.log.info("x".repeat(2e8)); throw new Error("after");'],
    ['a console line', 'console.log({ a: "x".repeat(1e8) }); throw new Error("after");'],
  ])('is cut when it is 200 MB of %s', async (_name, body) => {
    const { failure } = await host.attack(body, { limits: roomy });
    expect(failure).toBeDefined();
    expect((failure?.message ?? '').length).toBeLessThan(1_200);
    expect(Math.max(0, ...host.logs.map(({ text }) => text.length))).toBeLessThan(10_000);
  });

  it('has its control characters and escape sequences removed from errors', async () => {
    const { failure } = await host.attack('throw new Error("a\\u001b[31mb\\u0000c\\u0007\\r\\nd");');
    // oxlint-disable-next-line no-control-regex
    expect(failure?.detail).not.toMatch(/[\u0000-\u001f\u007f]/);
    expect(failure?.detail).toContain('a');
  });

  it('is refused when it is too large while the module is loaded', async () => {
    const load = host.load('return {};', { prelude: 'throw new Error("y".repeat(1e8));', limits: roomy });
    await expect(load).rejects.toMatchObject({ code: expect.stringMatching(/^sandbox\./) });
    await host.innocentAnswers();
  });

  it('is taken as plain data: keys of prototypes are only keys, thenables are only awaited', async () => {
    const poisoned = await host.attack(
      'return JSON.parse(\'{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}\');',
    );
    expect(poisoned.failure).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const twice = await host.attack(
      'return { then(resolve) { resolve({ note: "1" }); resolve({ note: "2" }); throw new Error("late"); } };',
    );
    expect(twice.result).toEqual({ note: '1' });
  });

  it('does not come from the prototypes a plugin has poisoned', async () => {
    const body = `
      Object.prototype.toJSON = () => ({ note: 'forged' });
      Array.prototype.toJSON = String.prototype.toJSON = Object.prototype.toJSON;
      Object.defineProperty(Object.prototype, 'block', { get: () => ({ rule: 'x' }), configurable: true });
      return { note: 'mine' };`;
    const { failure } = await host.attack(body);
    // The plugin damages only its own answer: whatever it is, it is one JSON value or a typed failure.
    expect(failure === undefined || failure.code.startsWith('sandbox.')).toBe(true);
    const next = await host.attack('return { note: String({}.toJSON) };');
    expect(next.result).toEqual({ note: 'undefined' });
  });

  it('must be parts in a stream, and not more than allowed', async () => {
    const cases = [
      'yield 5;',
      'yield [];',
      'yield "text";',
      'yield { type: "text", text: 5 };',
      'yield { type: "text", text: {} };',
      'return 5;',
    ];
    for (const body of [...cases.slice(0, 5), 'for (;;) yield { type: "text", text: "x" };']) {
      const plugin = await host.load(body, { kind: 'providers', limits: { emittedParts: 1_000 } });
      let parts = 0;
      const ended = Promise.withResolvers<string | undefined>();
      host.sandbox.stream(host.callOf(plugin, 'providers'), {
        onParts: (batch) => (parts += batch.length),
        onEnd: (failure) => ended.resolve(failure?.code),
      });
      expect(await ended.promise).toMatch(/^sandbox\./);
      expect(parts).toBeLessThanOrEqual(1_000);
      await host.sandbox.unload(plugin);
    }
    await host.innocentAnswers();
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost, tightLimits } from './support/hostile-host.ts';

const host = new HostileHost({ capabilities: { 'storage.get': async () => null } });
beforeAll(() => host.start());
afterAll(() => host.stop());

/** Everything that wants to run for ever, by the name of what would have to end it. */
const inOneEntry: Record<string, string> = {
  'a loop': 'while (true);',
  'a loop that catches': 'for (;;) { try { for (;;); } catch {} finally { continue; } }',
  'a loop of microtasks':
    'const again = () => { Promise.resolve().then(again); }; again(); return new Promise(() => {});',
  'a loop of queueMicrotask': 'const again = () => queueMicrotask(again); again(); return new Promise(() => {});',
  'an async loop': 'for (;;) await null;',
  'a catastrophic pattern': 'return { note: String(/^(a+)+$/.test("a".repeat(40) + "b")) };',
  'a generator without an end': 'const g = (function* () { for (;;) yield 1; })(); for (const x of g); return {};',
  'a getter that loops in the result': 'return { get note() { while (true); } };',
  'a toJSON that loops': 'return { note: { toJSON() { while (true); } } };',
  'a proxy that loops': 'return new Proxy({}, { ownKeys() { while (true); }, get() { while (true); } });',
  'a thenable that loops': 'return { then() { while (true); } };',
  'an error whose message loops': 'throw { get message() { while (true); } };',
  'an error whose name loops': 'throw Object.defineProperty(new Error("x"), "name", { get() { while (true); } });',
  'a setter on the array prototype that loops':
    'Object.defineProperty(Array.prototype, "0", { set() { while (true); }, configurable: true }); context.log.info("x"); return { note: "x" };',
  'an own Map.get that loops':
    'Map.prototype.get = Map.prototype.set = () => { while (true); }; setTimeout(() => {}, 1); await new Promise((r) => setTimeout(r, 5));',
};

/** What the engine can't interrupt, so that only the end of the process ends it. */
const uninterruptible: Record<string, string> = {
  'powers of a bigint': 'let b = 3n; for (;;) b = b * b;',
  'a sparse array': 'const a = []; a.length = 4294967295; a.fill(1); return {};',
  'an array that lies about its length': 'Array.prototype.indexOf.call({ length: 9007199254740991 }, 1); return {};',
  'a reverse that lies about its length': 'Array.prototype.reverse.call({ length: 9007199254740991 }); return {};',
  'a large replaceAll':
    'let s = "a".repeat(2e7); s.replaceAll("a", "bb").replaceAll("b", "cc"); for (;;) s.replaceAll("a", "b"); ',
  'a large localeCompare': 'const s = "ä".repeat(1e7); for (;;) s.localeCompare(s + "b"); ',
};

describe('a plugin that never ends', () => {
  it.each(Object.entries(inOneEntry))('is cut off: %s', async (_name, body) => {
    const { failure } = await host.attack(body, { limits: tightLimits });
    expect(failure?.code).toMatch(/^sandbox\.(timed-out|threw|invalid-result)$/);
  });

  it.each(Object.entries(uninterruptible))(
    'is cut off although the engine does not let itself be interrupted: %s',
    async (_name, body) => {
      const { failure } = await host.attack(body, { limits: tightLimits });
      expect(failure?.code).toMatch(/^sandbox\.(timed-out|out-of-memory|crashed|threw)$/);
    },
  );

  it('is cut off in the continuation of a host call', async () => {
    const grants = { capabilities: ['storage'] };
    const { failure } = await host.attack('await context.storage.get("a"); while (true);', {
      grants,
      limits: tightLimits,
    });
    expect(failure?.code).toBe('sandbox.timed-out');
  });

  it('is cut off in a timer', async () => {
    const { failure } = await host.attack('await new Promise(() => setTimeout(() => { while (true); }, 20));', {
      limits: tightLimits,
    });
    expect(failure?.code).toBe('sandbox.timed-out');
  });

  it('is cut off by the wall clock when its promise never settles', async () => {
    const { failure } = await host.attack('return new Promise(() => {});', { limits: { wallMs: 500 } });
    expect(failure).toMatchObject({ code: 'sandbox.timed-out', detail: 'no answer in time' });
  });

  it('is cut off by the sum of its CPU when every entry stays below the slice', async () => {
    const body = `for (;;) {
      const until = Date.now() + 40;
      while (Date.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }`;
    const { failure } = await host.attack(body, { limits: { cpuMs: 200, wallMs: 40_000 } });
    expect(failure).toMatchObject({ code: 'sandbox.timed-out', detail: 'too much processor time' });
  });

  it('is cut off by silence in a stream, and by the loop that does not read its signal', async () => {
    const quiet = await host.load('yield { type: "text", text: "a" }; await new Promise(() => {});', {
      kind: 'providers',
      limits: { ...tightLimits, idleMs: 400 },
    });
    const ended = Promise.withResolvers<string | undefined>();
    host.sandbox.stream(host.callOf(quiet, 'providers'), {
      onParts: () => undefined,
      onEnd: (failure) => ended.resolve(failure?.code),
    });
    expect(await ended.promise).toBe('sandbox.timed-out');
    await host.innocentAnswers();
  });

  it('is cut off while it is being loaded', async () => {
    const load = host.load('return {};', { prelude: 'while (true);', limits: tightLimits });
    await expect(load).rejects.toMatchObject({ code: expect.stringMatching(/^sandbox\.(load-failed|timed-out)$/) });
    const later = host.load('return {};', { prelude: 'await new Promise(() => {});', limits: tightLimits });
    await later.then(
      async (plugin) => expect((await host.outcome(plugin)).failure).toBeDefined(),
      (error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/^sandbox\./) }),
    );
    await host.innocentAnswers();
  });

  it.each([
    'export default new Proxy({}, { get() { while (true); } });',
    'export default { promptTransforms: { main: new Proxy({}, { getPrototypeOf() { while (true); } }) } };',
    'export default { promptTransforms: { get main() { throw new Error("x".repeat(1e7)); } } };',
    'export default { promptTransforms: Object.fromEntries(Array.from({ length: 1e6 }, (_, i) => ["h" + i, {}])) };',
    'export { later as default }; await new Promise(() => {}); const later = {};',
    'export default 5;',
    'export default null;',
    'export const nothing = 1;',
    '',
  ])('is refused by name when its exports are made to hold the host up: %s', async (code) => {
    const contributes = { promptTransforms: [{ id: 'main', name: 'Main' }] };
    const load = host.loadCode(code, { limits: tightLimits }, contributes);
    await expect(load).rejects.toMatchObject({ code: expect.stringMatching(/^sandbox\.(load-failed|timed-out)$/) });
    await host.innocentAnswers();
  });

  it.each([
    'JSON.stringify = JSON.parse = () => { while (true); };',
    'Promise.prototype.then = Promise.prototype.catch = () => { while (true); };',
    'Reflect.apply = Function.prototype.call = Function.prototype.apply = () => { while (true); };',
    'String.prototype.slice = Array.prototype.join = () => { while (true); };',
  ])('does not make the runtime run its own version of a built-in: %s', async (patch) => {
    const { result } = await host.attack(`${patch} return { note: 'x' };`);
    expect(result).toEqual({ note: 'x' });
  });

  it('recurses no deeper than its stack', async () => {
    const { failure } = await host.attack('const f = () => f() + 1; f();');
    expect(failure?.code).toBe('sandbox.threw');
    expect(failure?.detail).toContain('Maximum call stack');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { HostileHost, type PluginOptions, tightLimits } from './support/hostile-host.ts';
import { leastBlock, longestBlockMs, watchLoop } from '../../sdk/src/testing/loop-watch.ts';

const host = new HostileHost({ capabilities: { 'storage.get': async () => null } });
beforeAll(() => host.start());
afterAll(() => host.stop());

const pids = () => host.sandbox.health().workers.map(({ pid }) => pid);
/** Its worker lives on with everybody in it. */
async function survives(act: () => Promise<void>): Promise<void> {
  const before = pids();
  await act();
  await host.innocentAnswers();
  expect(pids()).toEqual(before);
}

async function endOfStream(body: string, options: PluginOptions = {}): Promise<string> {
  const plugin = await host.load(body, { kind: 'providers', grants: { capabilities: ['storage'] }, ...options });
  const ended = Promise.withResolvers<string>();
  host.sandbox.stream(host.callOf(plugin, 'providers'), {
    onParts: () => undefined,
    onEnd: (failure) => ended.resolve(failure?.code ?? 'done'),
  });
  const end = await ended.promise;
  await host.sandbox.unload(plugin);
  return end;
}

/** Gets hold of the runtime's own call object, and from there writes lines of its own for every id there could be. */
const writing = (lines: string) => `
  const caught = [];
  const nativeGet = Map.prototype.get, nativeSet = Map.prototype.set;
  Map.prototype.set = function (...args) { caught.push(this, ...args); return Reflect.apply(nativeSet, this, args); };
  context.storage.get('x').catch(() => {});
  const call = caught.find((value) => typeof value?.ask === 'function');
  call?.ask('n'.repeat(1000), {});
  Map.prototype.get = function (key) { return typeof key === 'string' && key.length > 500 ? { callId: 1, id: 1 } : Reflect.apply(nativeGet, this, [key]); };
  const all = Array.from({ length: 200 }, (_, id) => ${lines}).flat().join('\\n');
  clearTimeout('0:' + ' '.repeat(600) + '\\n' + all + '\\n');
  await new Promise((resolve) => setTimeout(resolve, 30));`;

describe('what a plugin says costs itself its call, and its neighbours nothing', () => {
  it.each([
    "yield { type: 'usage', list: [1] };",
    "yield { type: 'usage', a: { b: { c: 1 } } };",
    "yield { type: 'usage', a: { b: [] } };",
    'yield { type: 5 };',
    'yield { text: "a" };',
    "yield { type: 'x'.repeat(1e6) };",
    "yield { type: 'text', text: 'a', get extra() { throw new Error('no'); } };",
    'yield JSON.parse(\'{"type":"usage","__proto__":{"a":{"b":{}}}}\');',
  ])('as a part: %s', async (body) => {
    await survives(async () =>
      expect(await endOfStream(body)).toMatch(/^(sandbox\.(invalid-result|threw|budget)|done)$/),
    );
  });

  it.each([
    [
      'numbers below zero',
      `['H' + id + ',-5:"storage.get",{}', 'F' + id + ',-5:{}', 'L' + id + ',-5:["info","a"]', 'T' + id + ',-5:1']`,
    ],
    [
      'names too long or missing',
      `['H' + id + ',5:"' + 'x'.repeat(100) + '",{}', 'H' + id + ',5:,', 'H' + id + ',5:"a"', 'H' + id + ',5:{']`,
    ],
    ['arguments too deep', `['H' + id + ',6:"storage.get",' + '['.repeat(1000) + ']'.repeat(1000)]`],
    [
      'parts of every shape',
      `['p' + id + ',5:null', 'p' + id + ',5:[null]', 'p' + id + ',5:[[]]', 'p' + id + ',5:[{"type":"a","b":[]}]']`,
    ],
    [
      'requests of every shape',
      `['F' + id + ',5:{"url":5}', 'F' + id + ',7:{"url":"http://a","method":"GET","headers":[[1]],"body":{}}', 'R' + id + ',1:{', 'A' + id + ',1:1e999', 'A' + id + ',1:-1e9']`,
    ],
    [
      'timers of every shape',
      `['T' + id + ',5:1e99', 'T' + id + ',5:NaN', 'U' + id + ',5:x', 'T' + id + ',5:', 'T1e3,5:1', 'T,:']`,
    ],
    [
      'verdicts of every shape',
      `['f' + id + ',5:{"text":"","block":{"a":[1]}}', 'f' + id + ',5:{"text":"a","x":[]}', 'v' + id + ',0:{', 'n' + id + ',x:']`,
    ],
    [
      'failures of every shape',
      `['x' + id + ',5:["sandbox.out-of-memory",5]', 'x' + id + ',5:{}', 'x' + id + ',5:[null]', 'x' + id + ',5:["a","' + 'y'.repeat(1e4) + '"]']`,
    ],
  ])('as a forged line with %s', async (_name, lines) => {
    await survives(async () => {
      expect(await endOfStream(writing(lines), { limits: tightLimits })).toMatch(
        /^(sandbox\.(invalid-result|threw|budget|timed-out)|done)$/,
      );
    });
  });

  it.each([
    "{ text: '', block: { rule: [1] } }",
    "{ text: '', block: [1] }",
    "{ text: '', flag: { rule: { a: {} } } }",
    '{ text: 5 }',
    '"text"',
    'null',
    "{ text: 'x'.repeat(5e6) }",
    "{ get text() { throw new Error('no'); } }",
    '(() => { while (true); })()',
    'Promise.resolve({ text: "a" })',
  ])('as the answer of a filter: %s', async (answer) => {
    await survives(async () => {
      const filter = await host.load(`return { push: () => (${answer}), end: () => ({ text: '' }) };`, {
        kind: 'streamFilters',
        limits: tightLimits,
      });
      const run = await host.sandbox.openFilter(host.callOf(filter, 'streamFilters'));
      await expect(run.push('a')).rejects.toMatchObject({ code: expect.stringMatching(/^sandbox\./) });
      await expect(run.push('b')).rejects.toMatchObject({ code: expect.stringMatching(/^sandbox\./) });
      await host.sandbox.unload(filter);
    });
  });

  it('as many slow but honest calls at once: none is taken for a loop, and the worker stays', async () => {
    await survives(async () => {
      const plugin = await host.load(
        'const until = Date.now() + 80; while (Date.now() < until); await null; return { note: "done" };',
        // Roomy for one of them on a machine that is starved; together they take longer than any loop is let.
        { limits: { wallMs: 30_000, sliceMs: 1_500 } },
      );
      const calls = Array.from({ length: 40 }, (_, n) => host.outcome(plugin, { user: `user-${n}` }));
      for (const { result } of await Promise.all(calls)) expect(result).toEqual({ note: 'done' });
    });
  });

  it('as many of the largest results at once: they reach the core one after the other', async () => {
    const limits = { memoryMb: 256, workerRssMb: 1_500, sliceMs: 2_000, wallMs: 10_000 };
    const plugin = await host.load('return { note: "é".repeat(3_900_000) };', { limits });
    const blockedMs = await leastBlock(async () => {
      const watch = watchLoop();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, n) => host.outcome(plugin, { user: `user-${n}` })),
      );
      const { worstMs } = await watch.stop();
      for (const { result, failure } of outcomes)
        expect(failure?.code ?? Object.keys(result as object)[0]).toMatch(/^(note|sandbox\.)/);
      await host.innocentAnswers();
      return worstMs;
    });
    expect(blockedMs).toBeLessThan(longestBlockMs);
  });
});

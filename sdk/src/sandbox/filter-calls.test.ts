import { afterEach, describe, expect, it } from 'vitest';
import { createPluginHarness, testManifest } from '../testing/index.ts';
import type { HarnessOptions, PluginHarness } from '../testing/index.ts';
import { unhurried } from '../testing/unhurried.ts';
import type { FilterHandle } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});
async function start(
  push: string,
  options: Partial<HarnessOptions> = {},
): Promise<{ harness: PluginHarness; open(): Promise<FilterHandle> }> {
  const harness = await createPluginHarness({
    manifest: testManifest({ streamFilters: ['f'] }),
    source: `export default { streamFilters: { f: { start() { let seen = 0; return { push(text) { ${push} }, end() { return { text: '.' + seen }; } }; } } }, promptTransforms: { t: { transform: () => new Promise(() => {}) } } };`,
    ...options,
    limits: { ...unhurried, ...options.limits },
  });
  cleanups.push(() => harness.close());
  const open = (): Promise<FilterHandle> =>
    harness.host.openFilter({
      plugin: harness.plugin,
      kind: 'streamFilters',
      contribution: 'f',
      method: 'start',
      input: undefined,
      context: {},
      subject: { userId: 'u' },
    });
  return { harness, open };
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (failure: { code: string }) => failure.code,
  );

describe('a stream filter', () => {
  it('has taken as long as its start, however long its reply lasts', async () => {
    const { harness, open } = await start('return { text };');
    const began = Date.now();
    const filter = await open();
    const startMs = Date.now() - began;
    for (let piece = 0; piece < 20; piece += 1) await filter.push('a');
    await filter.end();
    expect(harness.host.health().plugins[0]).toMatchObject({ calls: 1 });
    expect(harness.host.health().plugins[0]!.p95Ms).toBeLessThanOrEqual(startMs);
  });
  it('answers pushes in order however many are under way, for many streams at once', async () => {
    for (const sharedContext of [false, true]) {
      const { open } = await start(`seen += 1; return { text: text + seen };`, {
        manifest: testManifest({ streamFilters: ['f'] }, { sharedContext }),
        trust: 'official',
      });
      const runs = await Promise.all(Array.from({ length: 10 }, () => open()));
      const answers = await Promise.all(
        runs.map((run, i) => Promise.all([...Array.from({ length: 50 }, () => run.push(`${i}:`)), run.end()])),
      );
      for (const [i, list] of answers.entries()) {
        expect(list).toEqual([...Array.from({ length: 50 }, (_, n) => ({ text: `${i}:${n + 1}` })), { text: '.50' }]);
      }
    }
  });
  it('passes a verdict on, and only the known fields of it', async () => {
    const { open } = await start(`return { text: '', block: { rule: 'r', note: 'n' }, extra: 1 };`);
    const run = await open();
    expect(await run.push('x')).toEqual({ text: '', block: { rule: 'r', note: 'n' } });
    run.close();
  });
  it('that throws, answers nonsense or is stuck fails its pushes with a typed error, and all that follow', async () => {
    for (const [push, code] of [
      [`throw new Error('x');`, 'sandbox.threw'],
      [`return text;`, 'sandbox.threw'],
      [`return Promise.resolve({ text });`, 'sandbox.threw'],
      [`for (;;);`, 'sandbox.timed-out'],
    ] as const) {
      const { open } = await start(push, code === 'sandbox.timed-out' ? { limits: { sliceMs: 500 } } : {});
      const run = await open();
      expect(await Promise.all([codeOf(run.push('a')), codeOf(run.push('b'))])).toEqual([code, code]);
      expect(await codeOf(run.end())).toBe(code);
    }
  });
  it('that could not start rejects the opening', async () => {
    const { harness } = await start(`return { text };`);
    const call = {
      plugin: harness.plugin,
      kind: 'streamFilters',
      contribution: 'f',
      method: 'start',
      input: undefined,
      context: {},
      subject: { userId: 'u' },
    } as const;
    expect(await codeOf(harness.host.openFilter({ ...call, contribution: 'absent' }))).toBe('sandbox.threw');
    expect(await codeOf(harness.host.openFilter({ ...call, plugin: 'no.such@1.0.0' }))).toBe('sandbox.not-loaded');
  });
  it('takes nothing more after its end or when it was closed', async () => {
    const { open } = await start(`return { text };`);
    const ended = await open();
    await ended.end();
    expect(await codeOf(ended.push('x'))).toBe('sandbox.aborted');
    const closed = await open();
    const waiting = codeOf(closed.push('x'));
    closed.close();
    expect(await waiting).toBe('sandbox.aborted');
  });
  it('may wait for its stream as long as that takes', async () => {
    const { harness, open } = await start(`return { text };`, {
      manifest: testManifest({ streamFilters: ['f'], promptTransforms: ['t'] }),
      limits: { wallMs: 1_500, idleMs: 1_500 },
    });
    const run = await open();
    // Cut off later than the filter could be: by then the clocks of the worker and of the core have passed it over.
    const later = harness.transform('t', { messages: [] }, { deadlineMs: 4_000 });
    expect(await codeOf(later)).toBe('sandbox.timed-out');
    expect(await run.push('x')).toEqual({ text: 'x' });
    run.close();
  });
});

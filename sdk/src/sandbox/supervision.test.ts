import { afterEach, describe, expect, it } from 'vitest';
import { createPluginHarness, testManifest } from '../testing/index.ts';
import type { HarnessOptions, PluginHarness } from '../testing/index.ts';
import { unhurried } from '../testing/unhurried.ts';
import { leastBlock, longestBlockMs, watchLoop } from '../testing/loop-watch.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A plugin whose transform does what the first message says, so that one plugin can misbehave in many ways and still answer `ok`. */
const misbehaving = `
const acts = {
  ok: () => ({ note: 'ok' }),
  loop: () => { for (;;); },
  promiseLoop: async () => { for (;;) await 0; },
  loopAfterHostCall: async (context) => { await context.storage.get('x'); for (;;); },
  loopInTimer: () => new Promise(() => setTimeout(() => { for (;;); }, 5)),
  never: () => new Promise(() => {}),
  bigint: () => { let b = 3n; for (;;) b = b * b; },
  hugeFill: () => new Array(2 ** 27).fill(1),
  objects: () => { const list = []; for (;;) list.push({ list }); },
  strings: () => { let text = 'x'; for (;;) text = text + text + '!'; },
  map: () => { const map = new Map(); for (let i = 0; ; i += 1) map.set(i, i); },
  buffers: () => { const list = []; for (;;) list.push(new Uint8Array(10_000_000).fill(1)); },
  resizable: () => { const list = []; for (;;) { const b = new ArrayBuffer(8, { maxByteLength: 1e9 }); if (!b.resizable) throw new Error('fixed size'); b.resize(1e9); list.push(new Uint8Array(b).fill(1)); } },
  regex: () => { /^(a+)+$/.test('a'.repeat(50) + '!'); },
  recursion: () => { const f = () => f() + 1; return f(); },
  throws: () => { throw new Error('plain\\u0007 fault'); },
  hugeThrow: () => { throw new Error('x'.repeat(20_000_000)); },
  hugeResult: () => ({ note: 'x'.repeat(6_000_000) }),
  deepResult: () => { let value = {}; for (let i = 0; i < 2000; i += 1) value = { value }; return value; },
  rejection: () => { Promise.reject(new Error('noise')); return { note: 'ok' }; },
};
export default { promptTransforms: { t: { transform: (prompt, context) => acts[prompt.messages[0].content](context) } } };`;

async function start(options: Partial<HarnessOptions> = {}): Promise<PluginHarness> {
  const harness = await createPluginHarness({
    manifest: testManifest(
      { promptTransforms: ['t'] },
      { permissions: { storage: { reason: 'asks the host something' } } },
    ),
    source: misbehaving,
    ...options,
  });
  cleanups.push(() => harness.close());
  return harness;
}
const act = (harness: PluginHarness, what: string, deadlineMs?: number) =>
  harness.transform(
    't',
    { messages: [{ role: 'user', content: what }] },
    deadlineMs === undefined ? {} : { deadlineMs },
  );

describe('a plugin that misbehaves ends its own call with a typed error', () => {
  const expected: [what: string, codes: string[]][] = [
    ['loop', ['sandbox.timed-out']],
    ['promiseLoop', ['sandbox.timed-out']],
    ['loopAfterHostCall', ['sandbox.timed-out']],
    ['loopInTimer', ['sandbox.timed-out']],
    ['never', ['sandbox.timed-out']],
    ['regex', ['sandbox.timed-out']],
    ['bigint', ['sandbox.timed-out', 'sandbox.out-of-memory', 'sandbox.crashed', 'sandbox.threw']],
    ['hugeFill', ['sandbox.timed-out', 'sandbox.out-of-memory', 'sandbox.crashed', 'sandbox.budget', 'sandbox.threw']],
    ['objects', ['sandbox.out-of-memory', 'sandbox.crashed', 'sandbox.timed-out']],
    ['strings', ['sandbox.out-of-memory', 'sandbox.crashed', 'sandbox.threw', 'sandbox.timed-out']],
    ['map', ['sandbox.out-of-memory', 'sandbox.crashed', 'sandbox.timed-out']],
    ['buffers', ['sandbox.out-of-memory', 'sandbox.crashed', 'sandbox.threw', 'sandbox.timed-out']],
    ['resizable', ['sandbox.threw']],
    ['recursion', ['sandbox.threw']],
    ['throws', ['sandbox.threw']],
    ['hugeThrow', ['sandbox.threw', 'sandbox.out-of-memory']],
    ['hugeResult', ['sandbox.budget']],
    ['deepResult', ['sandbox.invalid-result', 'sandbox.threw']],
  ];
  const endingByThemselves = new Set(['resizable', 'recursion', 'throws', 'hugeThrow', 'hugeResult', 'deepResult']);
  it.each(expected)('%s', async (what, codes) => {
    // Only what never ends by itself and computes nothing waits for this clock.
    const deadlineMs = what === 'never' ? 1_500 : 20_000;
    const blockedMs = await leastBlock(async () => {
      const harness = await start(endingByThemselves.has(what) ? { limits: unhurried } : {});
      const watch = watchLoop();
      const failure: unknown = await act(harness, what, deadlineMs).catch((reason: unknown) => reason);
      const { worstMs } = await watch.stop();
      const { code, detail = '' } = failure as { code?: string; detail?: string };
      expect(codes, JSON.stringify(harness.healthEvents)).toContain(code);
      expect(detail.length).toBeLessThanOrEqual(1000);
      expect(detail).not.toMatch(/\p{Cc}/u);

      // The very next call, even when a new worker has to be waited for.
      expect(await act(harness, 'ok', 20_000)).toEqual({ note: 'ok' });
      return worstMs;
    });
    expect(blockedMs).toBeLessThan(longestBlockMs);
  });

  it('an unhandled rejection is a log line and nothing more', async () => {
    const harness = await start();
    expect(await act(harness, 'rejection')).toEqual({ note: 'ok' });
    expect(harness.logs.map((line) => line.text)).toEqual(['Unhandled rejection: noise']);
  });
});

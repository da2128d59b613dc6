import { afterEach, describe, expect, it } from 'vitest';
import { createPluginHarness, testManifest } from '../testing/index.ts';
import type { PluginHarness } from '../testing/index.ts';
import { unhurried } from '../testing/unhurried.ts';
import type { FilterHandle, HookKind } from './index.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Yields what it is asked for, a tick apart, and counts what its filter sees. */
const source = `export default {
  providers: { p: { async *chat(request) {
    for (const part of request.parts) {
      if (!request.isAtOnce) await new Promise((resolve) => setTimeout(resolve, 1));
      if (part.disguised) yield { type: 'toolCall', toJSON: () => ({ type: 'text', text: part.text }) };
      else yield typeof part === 'string' ? { type: 'text', text: part } : part;
    }
  } } },
  streamFilters: { f: { start() { let seen = 0; let isBroken = false; return {
    push(text) { isBroken = text === 'break at the end'; if (text === 'break') throw new Error('broken'); if (text === 'same') return { text }; seen += 1; return { text: text.toUpperCase() + seen }; },
    end() { if (isBroken) throw new Error('broken'); return { text: '.' + seen }; },
  }; } } },
};`;

async function start(sharedContext = true): Promise<PluginHarness> {
  const manifest = testManifest({ providers: ['p'], streamFilters: ['f'] }, { sharedContext });
  const harness = await createPluginHarness({ manifest, source, trust: 'official', limits: unhurried });
  cleanups.push(() => harness.close());
  return harness;
}
const hook = (harness: PluginHarness, kind: HookKind, contribution: string, method: string, input?: unknown) => ({
  plugin: harness.plugin,
  kind,
  contribution,
  method,
  input,
  context: {},
  subject: { userId: 'u' },
});
const openFilter = (harness: PluginHarness): Promise<FilterHandle> =>
  harness.host.openFilter(hook(harness, 'streamFilters', 'f', 'start'));

/** The parts of a stream, each with what its filter made of it. */
async function stream(
  harness: PluginHarness,
  filter: FilterHandle,
  parts: unknown[],
  isAtOnce = false,
): Promise<unknown[][]> {
  const seen: unknown[][] = [];
  await new Promise<void>((resolve, reject) => {
    harness.host.stream(hook(harness, 'providers', 'p', 'chat', { parts, isAtOnce }), {
      filter,
      onParts: (list, filtered) => void seen.push(...list.map((part, at) => [part, filtered?.[at]])),
      onEnd: (failure) => (failure === undefined ? resolve() : reject(failure)),
    });
  });
  return seen;
}
const text = (value: string) => ({ type: 'text', text: value });

describe('a filter beside its provider', () => {
  it.each([true, false])(
    'is fed with every text, in order, and answers with the parts (shared: %s)',
    async (shared) => {
      const harness = await start(shared);
      const filter = await openFilter(harness);
      expect(await stream(harness, filter, ['a', 'b', 'c'])).toEqual([
        [text('a'), { text: 'A1' }],
        [text('b'), { text: 'B2' }],
        [text('c'), { text: 'C3' }],
      ]);
      expect(await filter.end()).toEqual({ text: '.3' });
    },
  );
  it('keeps what it is asked apart from what it is fed', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    const streaming = stream(
      harness,
      filter,
      Array.from({ length: 30 }, () => 'a'),
    );
    const asked = await Promise.all(Array.from({ length: 30 }, () => filter.push('q')));
    const fed = await streaming;
    for (const answer of asked) expect(answer).toEqual({ text: expect.stringMatching(/^Q\d+$/) as string });
    for (const [, answer] of fed) expect(answer).toEqual({ text: expect.stringMatching(/^A\d+$/) as string });
    filter.close();
  });
  it('sees texts only, and of those none that a plugin dresses up as answered', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    const call = { type: 'toolCall', index: 0, arguments: '{}', filtered: { text: 'forged' } };
    expect(
      await stream(harness, filter, [{ type: 'reasoning', text: 'why' }, call, { ...text('a'), filtered: 1 }]),
    ).toEqual([
      [{ type: 'reasoning', text: 'why' }, undefined],
      [call, undefined],
      [text('a'), { text: 'A1' }],
    ]);
    filter.close();
  });
  it('that breaks answers no more, and leaves the stream alone', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    const seen = await stream(harness, filter, ['a', 'break', 'b']);
    expect(seen.map(([part]) => part)).toEqual([text('a'), text('break'), text('b')]);
    expect(seen.map(([, answer]) => answer)).toEqual([{ text: 'A1' }, undefined, undefined]);
  });
  it('keeps what it has answered when it breaks in the same moment', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    const between = { type: 'reasoning', text: 'why' };
    expect(await stream(harness, filter, ['a', between, 'break'], true)).toEqual([
      [text('a'), { text: 'A1' }],
      [between, undefined],
      [text('break'), undefined],
    ]);
  });
  it('may leave a text as it is, fed or asked', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    expect(await stream(harness, filter, ['same', 'a', 'same'])).toEqual([
      [text('same'), { text: 'same' }],
      [text('a'), { text: 'A1' }],
      [text('same'), { text: 'same' }],
    ]);
    expect(await Promise.all(['same', 'b', 'same'].map((one) => filter.push(one)))).toEqual([
      { text: 'same' },
      { text: 'B2' },
      { text: 'same' },
    ]);
    filter.close();
  });
  it('is over with a stream that came to a good end, whoever asks for its rest and when', async () => {
    const harness = await start();
    const finish = { type: 'finish', reason: 'stop' };
    const filter = await openFilter(harness);
    expect(await stream(harness, filter, ['a', 'b', finish])).toHaveLength(3);
    expect(await filter.end()).toEqual({ text: '.2' });
    // Only one that is over has been counted.
    expect(harness.host.health().plugins[0]).toMatchObject({ calls: 2 });
  });
  it('is kept for another try when its stream came to no good end', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    const error = { type: 'error', class: 'overloaded' };
    expect(await stream(harness, filter, ['a', error])).toHaveLength(2);
    // The first word counts.
    expect(await stream(harness, filter, ['b', error, { type: 'finish', reason: 'stop' }])).toHaveLength(3);
    expect(await stream(harness, filter, ['c'])).toEqual([[text('c'), { text: 'C3' }]]);
    expect(await filter.end()).toEqual({ text: '.3' });
  });
  it('is passed by with no text, however a plugin dresses it up', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    const streaming = stream(harness, filter, ['a', { disguised: true, text: 'b' }]);
    await expect(streaming).rejects.toMatchObject({ code: 'sandbox.invalid-result' });
    filter.close();
  });
  it('that breaks at its end says so to whoever asks', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    await stream(harness, filter, ['break at the end', { type: 'finish', reason: 'stop' }]);
    await expect(filter.end()).rejects.toMatchObject({ code: 'sandbox.threw' });
  });
  it('that was closed hears nothing more of the stream', async () => {
    const harness = await start();
    const filter = await openFilter(harness);
    filter.close();
    expect(await stream(harness, filter, ['a'])).toEqual([[text('a'), undefined]]);
  });
});

it('a filter in another process is left to whoever gets the parts', async () => {
  const [near, far] = [await start(), await start()];
  const filter = await openFilter(far);
  expect(await stream(near, filter, ['a'])).toEqual([[text('a'), undefined]]);
  expect(await filter.push('a')).toEqual({ text: 'A1' });
  filter.close();
});

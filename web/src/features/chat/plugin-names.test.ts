import { ApiError, type HttpClient } from '@parley/sdk/client';
import { expect, test } from 'vitest';
import { PluginNames } from './plugin-names.svelte.ts';
import { problem } from './testing/scripted-server.ts';

function namesFrom(...answers: (() => Promise<unknown>)[]) {
  let asked = 0;
  const names = new PluginNames((() => answers[asked++]?.() ?? Promise.reject(new Error('unscripted'))) as HttpClient);
  return { names, asked: () => asked };
}
const installed = () => Promise.resolve([{ id: 'acme.words', name: 'Word lists' }]);

test('a reference to a plugin, or to a part of one, has the name of the plugin', async () => {
  const { names } = namesFrom(installed);
  expect(names.of('acme.words')).toBeUndefined();
  await names.need();
  expect(names.of('acme.words')).toBe('Word lists');
  expect(names.of('acme.words/input')).toBe('Word lists');
  expect(names.of('acme.gone/input')).toBeUndefined();
});

test('the names are asked for once, however many need them', async () => {
  const { names, asked } = namesFrom(installed);
  await Promise.all([names.need(), names.need()]);
  await names.need();
  expect(asked()).toBe(1);
});

test('an answer that did not come is asked for again', async () => {
  const { names } = namesFrom(() => Promise.reject(new ApiError(problem('network', 0))), installed);
  await names.need();
  expect(names.of('acme.words')).toBeUndefined();
  await names.need();
  expect(names.of('acme.words')).toBe('Word lists');
});

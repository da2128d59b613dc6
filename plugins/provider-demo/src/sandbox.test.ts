import { createPluginHarness, type PluginHarness } from '@parley/sdk/testing';
import type { ProviderPart } from '@parley/sdk/plugin';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const ask = (content: string, model = 'demo') => ({
  model,
  messages: [{ role: 'user' as const, content }],
  parameters: {},
  stream: true,
});

describe('in the sandbox', () => {
  let harness: PluginHarness;
  beforeAll(async () => {
    harness = await createPluginHarness({ folder, settings: { wordsPerSecond: 500 } });
  });
  afterAll(() => harness.close());

  async function chat(content: string, options: { model?: string; onPart?: (part: ProviderPart) => boolean } = {}) {
    const parts: ProviderPart[] = [];
    for await (const part of harness.chat('demo', ask(content, options.model))) {
      parts.push(part);
      if (options.onPart?.(part)) break;
    }
    return parts;
  }
  const textOf = (parts: ProviderPart[]) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('');

  test('a conversation streams and ends, in both languages', async () => {
    const english = await chat('I need a holiday.');
    expect(textOf(english)).toContain('holiday');
    expect(english.filter(({ type }) => type === 'text').length).toBeGreaterThan(1);
    expect(english.at(-1)).toEqual({ type: 'finish', reason: 'stop', raw: 'stop' });
    expect(textOf(await chat('我需要一个假期。'))).toContain('假期');
  });

  test('the reasoner thinks aloud first', async () => {
    const kinds = (await chat('Hello', { model: 'demo-reasoner' })).map(({ type }) => type);
    expect(kinds.indexOf('reasoning')).toBeLessThan(kinds.indexOf('text'));
  });

  test('a long reply arrives whole', async () => {
    expect(textOf(await chat('/long 800')).split(/\s+/)).toHaveLength(800);
  });

  test('a failure comes with its class', async () => {
    const parts = await chat('/fail after 2');
    expect(textOf(parts).trim().split(/\s+/)).toHaveLength(2);
    expect(parts.at(-1)).toMatchObject({ type: 'error', class: 'server', retryable: false });
  });

  test('a stop is obeyed in the middle of a reply and in the middle of silence', async () => {
    expect((await chat('/slow', { onPart: ({ type }) => type === 'text' })).at(-1)?.type).toBe('text');
    expect((await chat('/hang', { onPart: ({ type }) => type === 'start' })).map(({ type }) => type)).toEqual([
      'start',
    ]);
    expect(harness.host.health().plugins[0]?.failures).toBe(0);
  });
});

import { fakeContext } from '@parley/sdk/testing';
import type { ChatMessage, ProviderPart } from '@parley/sdk/plugin';
import { describe, expect, test } from 'vitest';
import { createDemoProvider } from './demo-provider.ts';
import type { Wait } from './pace.ts';

const user = (content: ChatMessage['content']): ChatMessage => ({ role: 'user', content });

interface Options {
  model?: string;
  locale?: string;
  parameters?: { maxTokens?: number; stop?: string[] };
  settings?: Record<string, unknown>;
  stop?: AbortController;
  wait?: Wait;
  onPart?(part: ProviderPart): void;
}

async function chat(messages: ChatMessage[], options: Options = {}) {
  const waits: number[] = [];
  const wait: Wait =
    options.wait ??
    (async (milliseconds) => {
      waits.push(milliseconds);
    });
  const context = fakeContext({
    settings: options.settings ?? {},
    signal: (options.stop ?? new AbortController()).signal,
    locale: options.locale ?? 'en',
  });
  const parts: ProviderPart[] = [];
  const request = { model: options.model ?? 'demo', messages, parameters: options.parameters ?? {}, stream: true };
  for await (const part of createDemoProvider(wait).chat(request, context)) {
    parts.push(part);
    options.onPart?.(part);
  }
  const textOf = (type: 'text' | 'reasoning') => parts.map((part) => (part.type === type ? part.text : '')).join('');
  return { parts, waits, text: textOf('text'), reasoning: textOf('reasoning'), last: parts.at(-1) };
}

describe('a conversation', () => {
  test('is answered in word-sized parts, with usage and a finish', async () => {
    const { parts, text } = await chat([user('Hello')]);
    expect(parts[0]).toEqual({ type: 'start', model: 'demo' });
    const words = parts.filter((part) => part.type === 'text');
    expect(words.length).toBeGreaterThan(2);
    expect(words.every((part) => part.text.trim().split(/\s/).length === 1)).toBe(true);
    expect(parts.at(-2)).toEqual({ type: 'usage', input: 1, output: words.length, reasoning: 0 });
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop', raw: 'stop' });
    expect(text).not.toBe('');
  });

  test('gets the same words each time', async () => {
    const messages = [user('My name is Ada'), user('I feel odd about my garden')];
    expect((await chat(messages)).parts).toEqual((await chat(messages)).parts);
  });

  test('is answered in the language of its script', async () => {
    expect((await chat([user('我今天很开心')])).text).toMatch(/\p{Script=Han}/u);
    expect((await chat([user('I am very happy today')])).text).not.toMatch(/\p{Script=Han}/u);
  });

  test('falls back to the language of the person when the message has no letters', async () => {
    expect((await chat([user('🙂')], { locale: 'zh-CN' })).text).toMatch(/\p{Script=Han}/u);
  });

  test('shows its reasoning when the model thinks aloud', async () => {
    const { reasoning, parts } = await chat([user('I need a holiday')], { model: 'demo-reasoner' });
    expect(reasoning).toContain('pattern');
    expect(parts.findIndex((part) => part.type === 'reasoning')).toBeLessThan(
      parts.findIndex((part) => part.type === 'text'),
    );
    const usage = parts.find((part) => part.type === 'usage');
    expect(usage?.reasoning).toBeGreaterThan(5);
    expect(usage?.output).toBeGreaterThan(usage?.reasoning ?? 0);
  });

  test('thinks in the language of the person', async () => {
    expect((await chat([user('我想休息')], { model: 'demo-reasoner' })).reasoning).toContain('第 1 句话');
  });

  test('keeps to the pace of the settings', async () => {
    expect(new Set((await chat([user('Hello')], { settings: { wordsPerSecond: 10 } })).waits)).toEqual(new Set([100]));
  });

  test('ends where the token limit or a stop sequence says', async () => {
    const short = await chat([user('/long 100')], { parameters: { maxTokens: 7 } });
    expect(short.text.trim().split(/\s+/)).toHaveLength(7);
    expect(short.last).toMatchObject({ type: 'finish', reason: 'length' });
    const stopped = await chat([user('/long 100')], { parameters: { stop: ['20'] } });
    expect(stopped.text.trimEnd().split(/\s+/)).toHaveLength(19);
    expect(stopped.last).toMatchObject({ type: 'finish', reason: 'stop' });
  });
});

describe('commands', () => {
  test('/long writes exactly as many words as asked for', async () => {
    const { text } = await chat([user('/long 1234')]);
    const words = text.split(/\s+/);
    expect(words).toHaveLength(1234);
    expect(words[999]).toBe('1000');
  });

  test('/slow writes five words a second', async () => {
    const { waits, text } = await chat([user('/slow')]);
    expect(new Set(waits)).toEqual(new Set([200]));
    expect(waits).toHaveLength(text.split(/\s+/).length);
  });

  test('/markdown shows headings, a list, a table and code with its language', async () => {
    const { text } = await chat([user('/markdown')]);
    for (const mark of ['# ', '\n1. ', '| :--- |', '```typescript\n', '- [x] ']) expect(text).toContain(mark);
  });

  test('/fail fails before the first word', async () => {
    const { parts } = await chat([user('/fail')]);
    expect(parts.map((part) => part.type)).toEqual(['start', 'error']);
  });

  test('/fail after N fails behind N words', async () => {
    const { text, last } = await chat([user('/fail after 12')]);
    expect(text.trim().split(/\s+/)).toHaveLength(12);
    expect(last).toMatchObject({ type: 'error', class: 'server', retryable: false });
  });

  test('/hang says nothing until it is stopped', async () => {
    const stop = new AbortController();
    const wait: Wait = async () => stop.abort();
    const { parts } = await chat([user('/hang')], { stop, wait });
    expect(parts.map((part) => part.type)).toEqual(['start']);
  });

  test('/help comes in the language of the person', async () => {
    expect((await chat([user('/help')])).text).toContain('/long N');
    expect((await chat([user('/help')], { locale: 'zh-CN' })).text).toContain('演示模型');
  });

  test('an unknown command is named and answered with the list', async () => {
    const { text } = await chat([user('/dance')]);
    expect(text).toContain('`/dance`');
    expect(text).toContain('/help');
  });
});

test('a stop ends the reply in the middle, without a finish', async () => {
  const stop = new AbortController();
  let words = 0;
  const { parts } = await chat([user('/long 1000')], {
    stop,
    onPart: (part) => {
      if (part.type === 'text' && ++words === 3) stop.abort();
    },
  });
  expect(words).toBe(3);
  expect(parts.at(-1)?.type).toBe('text');
});

test('a picture is noticed though it cannot be seen', async () => {
  const { text } = await chat([
    user([
      { type: 'text', text: 'Look at this' },
      { type: 'image', url: 'https://example.com/a.png' },
    ]),
  ]);
  expect(text).toContain('picture');
});

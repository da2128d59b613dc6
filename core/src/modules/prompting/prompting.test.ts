import type { ChatMessage } from '@parley/sdk/plugin';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildPrompt, type PromptInput } from './build-prompt.ts';
import { loadTokenCounter, mostTokens } from './count-tokens.ts';
import { fitWindow, promptBudget } from './fit-window.ts';
import { presentTrace } from './present-trace.ts';
import { boundTrace } from './trace.ts';

const subject = {
  userId: 'u',
  turnId: 't',
  conversationId: null,
  nickname: 'Robin',
  language: 'en',
  timeZone: 'UTC',
  signal: new AbortController().signal,
};
const talk = (...texts: string[]) =>
  texts.map((content, index) => ({
    message: { role: index % 2 === 0 ? 'user' : 'assistant', content } as ChatMessage,
    messageId: `m${index}`,
  }));
const input = (fields: Partial<PromptInput>): PromptInput => ({
  systemPrompt: '',
  messages: talk('Hi'),
  model: 'a/b',
  contextTokens: 1_000,
  isFirstTurn: true,
  slide: true,
  ...fields,
});
const passing = {
  run: async (draft: { messages: ChatMessage[] }) => ({ messages: draft.messages, additions: [], steps: [] }),
};

test('tokens are counted for real, in every script and at every length', async () => {
  const { count } = await loadTokenCounter();
  expect(count('Hello world')).toBe(2);
  expect(count('<|endoftext|>')).toBeGreaterThan(1);
  const long = 'The quick brown fox. '.repeat(20_000);
  expect(Math.abs(count(long) / (count('The quick brown fox. '.repeat(100)) * 200) - 1)).toBeLessThan(0.02);
});

test('a text without blanks is counted in time', async () => {
  const { count } = await loadTokenCounter();
  const started = process.cpuUsage();
  expect(count('a'.repeat(50_000))).toBeGreaterThan(1_000);
  expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
});

test('no text has more tokens than the bound that spares counting it', async () => {
  const { count } = await loadTokenCounter();
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(count(text)).toBeLessThanOrEqual(mostTokens(text.length));
    }),
  );
});

test('the newest messages stay, whole; the oldest go, and no answer without its question', async () => {
  const messages = talk(...Array.from({ length: 21 }, (_, index) => `${index} ${'word '.repeat(50)}`));
  const window = await fitWindow(messages, 300);
  expect(window.at(-1)).toBe(messages.at(-1));
  expect(window.length).toBeLessThan(6);
  expect(window[0]!.message.role).toBe('user');
  expect(window).toEqual(messages.slice(-window.length));
});

test('the system prompt stays when messages go', async () => {
  const prompt = await buildPrompt(
    input({ systemPrompt: 'Be brief.', messages: talk(...Array.from({ length: 41 }, () => 'word '.repeat(60))) }),
    passing,
    subject,
  );
  expect(prompt.messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
  expect(prompt.omittedMessages).toBe(41 - (prompt.messages.length - 1));
});

test('a message or a system prompt that can never fit is refused by its name', async () => {
  const huge = 'word '.repeat(2_000);
  await expect(buildPrompt(input({ messages: talk(huge) }), passing, subject)).rejects.toMatchObject({
    code: 'context.too-long',
    data: { part: 'message' },
  });
  await expect(buildPrompt(input({ systemPrompt: huge }), passing, subject)).rejects.toMatchObject({
    data: { part: 'system-prompt' },
  });
});

test('an API client gets its prompt as it is, however long', async () => {
  const messages = talk('word '.repeat(2_000));
  const prompt = await buildPrompt(input({ messages, slide: false }), passing, subject);
  expect(prompt.messages).toEqual(messages.map(({ message }) => message));
});

test('some of the context is left for the reply', () => {
  expect(promptBudget(8_000, undefined)).toBe(6_000);
  expect(promptBudget(8_000, 500)).toBe(7_500);
  expect(promptBudget(128_000, undefined)).toBe(123_904);
  expect(promptBudget(1_000, 100_000)).toBe(750);
});

test('the trace names what came from where, also after plugins changed it', async () => {
  const hooks = {
    run: async ({ messages }: { messages: ChatMessage[] }) => ({
      messages: [
        { role: 'system' as const, content: 'Be brief.\n\nIt is Monday.' },
        ...structuredClone(messages.slice(1)).map((message, index) =>
          index === 1 ? { ...message, content: 'rewritten' } : message,
        ),
      ],
      additions: [{ source: 'acme.clock/now', text: 'It is Monday.' }],
      steps: [],
    }),
  };
  const prompt = await buildPrompt(
    input({ systemPrompt: 'Be brief.', messages: talk('One', 'Two', 'Three') }),
    hooks,
    subject,
  );
  expect(prompt.sections).toEqual([
    { source: 'system', role: 'system', text: 'Be brief.' },
    { source: 'acme.clock/now', role: 'system', text: 'It is Monday.' },
    { source: 'history', role: 'user', messageId: 'm0' },
    { source: 'plugins', role: 'assistant', text: 'rewritten' },
    { source: 'history', role: 'user', messageId: 'm2' },
  ]);
});

test('what an API client sent stands in the trace itself: system message, text, images, calls', async () => {
  const messages: PromptInput['messages'] = [
    { message: { role: 'system', content: 'Be brief.' } },
    {
      message: {
        role: 'user',
        content: [
          { type: 'text', text: 'What time is it?' },
          { type: 'image', url: 'data:image/png;base64,AA' },
        ],
      },
    },
    { message: { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'clock', arguments: '{}' }] } },
    { message: { role: 'tool', content: '12:00', toolCallId: 'a' } },
  ];
  const hooks = {
    run: async (draft: { messages: ChatMessage[] }) => ({
      messages: [{ role: 'system' as const, content: 'Be brief.\n\nIt is Monday.' }, ...draft.messages.slice(1)],
      additions: [{ source: 'acme.clock/now', text: 'It is Monday.' }],
      steps: [],
    }),
  };
  const prompt = await buildPrompt(input({ messages, slide: false }), hooks, subject);
  expect(prompt.sections).toEqual([
    { source: 'request', role: 'system', text: 'Be brief.' },
    { source: 'acme.clock/now', role: 'system', text: 'It is Monday.' },
    { source: 'request', role: 'user', text: 'What time is it?\n[image]' },
    { source: 'request', role: 'assistant', text: 'clock({})' },
    { source: 'request', role: 'tool', text: '12:00' },
  ]);
});

test('what plugins add makes older messages go', async () => {
  const hooks = {
    run: async ({ messages }: { messages: ChatMessage[] }) => ({
      messages: [{ role: 'system' as const, content: 'note '.repeat(500) }, ...messages],
      additions: [],
      steps: [],
    }),
  };
  const messages = talk(...Array.from({ length: 9 }, () => 'word '.repeat(60)));
  const prompt = await buildPrompt(input({ messages }), hooks, subject);
  expect(prompt.messages.at(-1)).toEqual(messages.at(-1)!.message);
  expect(prompt.messages.length).toBeLessThan(10);
  expect(prompt.omittedMessages).toBe(10 - prompt.messages.length);
});

test('a trace stays small, and keeps the texts that explain most', async () => {
  const long = (role: 'system' | 'user', letter: string) => ({ source: 'request', role, text: letter.repeat(50_000) });
  const trace = boundTrace({
    provider: 'p',
    sections: [long('system', 's'), ...Array.from({ length: 50 }, () => long('user', 'u'))],
    contextTokens: 1,
    omittedMessages: 0,
    parameters: {},
    steps: Array.from({ length: 500 }, () => ({
      source: 'x',
      kind: 'prompt' as const,
      note: 'n'.repeat(9_000),
      ms: 1,
      outcome: 'changed' as const,
    })),
    timings: { promptMs: 1, firstTokenMs: null, totalMs: null },
    attempts: 1,
    usage: null,
  });
  expect(JSON.stringify(trace).length).toBeLessThan(350_000);
  const kept = trace.sections.map(({ text }) => text!.length);
  expect([kept[0], kept[1], kept.at(-1)]).toEqual([20_001, 1, 20_001]);
  const { sections } = await presentTrace({ id: 't', model: 'a/b', trace }, []);
  const { count } = await loadTokenCounter();
  expect(Math.abs(sections.at(-1)!.tokens / count('u'.repeat(50_000)) - 1)).toBeLessThan(0.02);
});

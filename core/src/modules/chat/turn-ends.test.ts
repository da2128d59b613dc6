import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, afterAll, expect, test } from 'vitest';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import type { FilterChain, FilteredText } from '../moderation/index.ts';
import { HookFailed } from '../plugins/plugins.errors.ts';
import { createChatKit, type ChatKit, type ChatKitOptions } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let databaseUrl: string;
let kit: ChatKit;

beforeAll(async () => {
  databaseUrl = await createMigratedDatabase(undo);
});
afterEach(() => kit.stop());
afterAll(() => undo.disposeAsync());

async function start(options: Omit<ChatKitOptions, 'databaseUrl'> = {}, text = 'A question') {
  kit = await createChatKit({ databaseUrl, ...options });
  const at = await kit.newConversation();
  const opened = await kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text });
  const end = async () => {
    const turn = await kit.over(at.userId, opened.turn.id);
    const [question, reply] = (await kit.conversations.messages.page(at.userId, at.conversationId, { limit: 40 }))
      .items;
    return { turn, question: question!, reply: reply! };
  };
  return { ...at, ...opened, end };
}

const typesOf = (turnId: string) => kit.frames(turnId).flatMap(({ events }) => events.map(({ type }) => type));

test('a stop ends upstream at once and keeps the text', async () => {
  const { userId, turn, end } = await start();
  const call = await kit.provider.nextCall();
  call.text('Half an ans');
  const stopped = kit.chat.service.stop(userId, turn.id);
  await call.whenAborted;
  expect(await stopped).toMatchObject({ state: 'stopped' });
  call.text('wer that nobody wants');
  expect((await end()).reply).toMatchObject({
    text: 'Half an ans',
    status: 'stopped',
    usage: { countedBy: 'us' },
  });
  expect(kit.frames(turn.id).at(-1)!.events.at(-1)).toMatchObject({ type: 'stopped' });
});

test('a turn is stopped while it still waits for its provider', async () => {
  const { userId, turn } = await start();
  expect(await kit.chat.service.stop(userId, turn.id)).toMatchObject({ state: 'stopped' });
  expect(await kit.chat.service.stop(userId, turn.id)).toMatchObject({ state: 'stopped' });
});

test.each([
  ['auth', 'provider.auth', false],
  ['quota', 'provider.quota', false],
  ['rate_limit', 'provider.rate_limit', true],
  ['overloaded', 'provider.overloaded', true],
  ['server', 'provider.server', true],
  ['timeout', 'provider.timeout', true],
  ['filtered', 'provider.filtered', false],
  ['interrupted', 'provider.interrupted', true],
  ['bad_request', 'provider.bad_request', false],
] as const)('a provider that fails with %s fails the turn with %s', async (errorClass, code, retryable) => {
  const { end } = await start();
  (await kit.provider.nextCall()).fail(errorClass);
  const { turn, reply } = await end();
  expect(turn.state).toBe('failed');
  expect(reply).toMatchObject({ status: 'failed', failure: { code, retryable } });
  expect(reply.failure!.detail).not.toContain('as the test said');
});

test('text that came before a failure is kept and marked', async () => {
  const { end } = await start();
  const call = await kit.provider.nextCall();
  call.text('Some text');
  call.fail('interrupted');
  expect((await end()).reply).toMatchObject({ text: 'Some text', status: 'failed' });
});

test('a plugin at fault is named', async () => {
  const { end } = await start();
  (await kit.provider.nextCall()).fail('server', { plugin: 'acme.broken' });
  expect((await end()).reply.failure).toMatchObject({ code: 'plugin.failed', plugin: 'acme.broken' });
});

test('a prompt that is too long for its provider is shortened and tried once more', async () => {
  kit = await createChatKit({ databaseUrl, model: { contextTokens: 1_000 } });
  const at = await kit.newConversation();
  const ask = (text: string) =>
    kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text });
  kit.provider.answerWith((call) => {
    call.text('word '.repeat(100));
    call.finish();
  });
  for (let round = 0; round < 3; round++) await kit.over(at.userId, (await ask('What?')).turn.id);
  kit.provider.answerWith(null);
  const { turn } = await ask('And now?');
  const first = await kit.provider.nextCall();
  first.fail('context_length');
  const second = await kit.provider.nextCall();
  expect(second.request.messages.length).toBeLessThan(first.request.messages.length);
  expect(second.request.messages.at(-1)!.content).toBe('And now?');
  second.fail('context_length');
  await expect(kit.over(at.userId, turn.id)).resolves.toMatchObject({ state: 'failed' });
});

test('a message that can never fit is refused with what to trim', async () => {
  const { end } = await start({ model: { contextTokens: 256 } }, 'long '.repeat(1_000));
  const { reply } = await end();
  expect(reply.failure).toMatchObject({ code: 'context.too-long' });
  expect(reply.failure!.detail).toContain('Shorten the message');
  expect(kit.provider.calls).toBe(0);
});

const blockedBy = { plugin: 'acme.guard', rule: 'secrets' };

test('an input gate that blocks keeps the message and sends nothing to a model', async () => {
  const { end } = await start({
    moderation: { checkInput: async (text) => ({ text, steps: [], flaggedBy: null, blockedBy }) },
  });
  const { turn, question, reply } = await end();
  expect(turn.state).toBe('failed');
  expect(question.text).toBe('A question');
  expect(reply).toMatchObject({ status: 'blocked', failure: { code: 'moderation.blocked', ...blockedBy } });
  expect(kit.provider.calls).toBe(0);
});

test('what an input gate masks is masked in the prompt and in the conversation', async () => {
  const { end } = await start({
    moderation: {
      checkInput: async () => ({ text: 'A *** question', steps: [], flaggedBy: blockedBy, blockedBy: null }),
    },
  });
  const call = await kit.provider.nextCall();
  expect(call.request.messages).toEqual([{ role: 'user', content: 'A *** question' }]);
  call.finish();
  expect((await end()).question).toMatchObject({ text: 'A *** question', flaggedBy: 'acme.guard: secrets' });
});

/** Holds back the last three characters, upper-cases, and blocks on a word. */
function shoutingFilter(): FilterChain {
  let kept = '';
  const take = (text: string, isLast: boolean): FilteredText => {
    kept += text;
    const at = kept.indexOf('forbidden');
    if (at !== -1) return { text: kept.slice(0, at).toUpperCase(), flaggedBy: null, blockedBy };
    const out = isLast ? kept : kept.slice(0, -3);
    kept = kept.slice(out.length);
    return { text: out.toUpperCase(), flaggedBy: null, blockedBy: null };
  };
  return {
    feeds: () => undefined,
    push: async (text) => take(text, false),
    end: async () => take('', true),
    close: () => undefined,
    steps: () => [{ source: 'acme.shout/f', kind: 'stream', note: '', ms: 1, outcome: 'changed' }],
  };
}

test('stream filters change what is shown and stored alike, text and reasoning', async () => {
  const { turn, end } = await start({ moderation: { openFilters: async () => shoutingFilter() } });
  const call = await kit.provider.nextCall();
  call.parts({ type: 'reasoning', text: 'why not' });
  call.text('a', 'bc', 'defg', 'h');
  call.finish();
  const { reply } = await end();
  expect(reply).toMatchObject({ text: 'ABCDEFGH', reasoning: 'WHY NOT' });
  const shown = kit.frames(turn.id).flatMap(({ events }) => events);
  expect(shown.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe('ABCDEFGH');
});

test('a stream filter that blocks ends the reply where it says', async () => {
  const { end } = await start({ moderation: { openFilters: async () => shoutingFilter() } });
  const call = await kit.provider.nextCall();
  call.text('this is fine, for', 'bidden is not');
  await call.whenAborted;
  expect((await end()).reply).toMatchObject({ text: 'THIS IS FINE, ', status: 'blocked', failure: blockedBy });
});

test('a filter that must not be passed over fails the turn and is named', async () => {
  const chain = { ...shoutingFilter(), push: () => Promise.reject(HookFailed({ plugin: 'acme.f', failure: 'x' })) };
  const { end } = await start({ moderation: { openFilters: async () => chain } });
  (await kit.provider.nextCall()).text('anything');
  expect((await end()).reply.failure).toMatchObject({ code: 'plugin.hook-failed', plugin: 'acme.f' });
});

test('no byte is shown before the output gate has spoken', async () => {
  const mayPass = Promise.withResolvers<void>();
  const gate = async (text: string) => {
    if (text === 'Is this allowed') await mayPass.promise;
    return { text: `${text}?`, steps: [], flaggedBy: null, blockedBy: null };
  };
  const { userId, turn, end } = await start({ moderation: { outputGate: () => gate } });
  const call = await kit.provider.nextCall();
  call.text('Is this', ' allowed');
  call.finish();
  // Another reply goes all its way meanwhile.
  const elsewhere = await kit.newConversation(userId);
  const other = await kit.chat.service.send(userId, elsewhere.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Another question',
  });
  const otherCall = await kit.provider.nextCall();
  otherCall.text('Yes');
  otherCall.finish();
  await kit.over(userId, other.turn.id);
  expect(typesOf(other.turn.id)).toContain('completed');
  expect(typesOf(turn.id)).toEqual(['started']);
  mayPass.resolve();
  expect((await end()).reply.text).toBe('Is this allowed?');
});

test('an output gate that blocks leaves nothing of the reply', async () => {
  const gate = async (text: string) => ({ text, steps: [], flaggedBy: null, blockedBy });
  const { turn, end } = await start({ moderation: { outputGate: () => gate } });
  const call = await kit.provider.nextCall();
  call.text('Never to be seen');
  call.finish();
  expect((await end()).reply).toMatchObject({ text: '', status: 'blocked' });
  expect(JSON.stringify(kit.frames(turn.id))).not.toContain('Never');
});

test('a provider that falls silent is given up', async () => {
  const { end } = await start({ times: { idleMs: 300 } });
  const call = await kit.provider.nextCall();
  call.text('And then');
  await call.whenAborted;
  expect((await end()).reply).toMatchObject({ text: 'And then', failure: { code: 'provider.timeout' } });
});

test('a reply without end is cut at the size we keep', async () => {
  const { end } = await start({ maxReplyChars: 1_000 });
  const call = await kit.provider.nextCall();
  while (!call.isAborted) call.text('x'.repeat(100));
  const { reply } = await end();
  expect(reply).toMatchObject({ status: 'done', finishReason: 'length' });
  expect(reply.text).toHaveLength(1_100);
});

test('what PostgreSQL cannot keep is replaced, not refused', async () => {
  const { end } = await start();
  const call = await kit.provider.nextCall();
  call.text('nul \0 and half \ud800 pair');
  call.parts({ type: 'toolCall', index: 0, id: 'a', name: 'f', arguments: '{"x":"\ud800\0"}' });
  call.finish();
  expect((await end()).reply.text).toBe('nul \ufffd and half \ufffd pair');
});

import { randomUUID } from 'node:crypto';
import { Trace } from '@parley/sdk/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { withAdmissionLock } from './admission.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let kit: ChatKit;

beforeAll(async () => {
  kit = await createChatKit({ databaseUrl: await createMigratedDatabase(undo) });
  undo.defer(() => kit.stop());
});
afterAll(() => undo.disposeAsync());

const send = (at: { userId: string; conversationId: string }, text: string, more: { parentId?: string | null } = {}) =>
  kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text, ...more });

test('a message is answered: acknowledged, streamed, settled and told', async () => {
  const at = await kit.newConversation();
  const { turn, userMessage, assistantMessage } = await send(at, 'Hello there');
  expect(turn).toMatchObject({ state: 'queued', conversationId: at.conversationId, messageId: assistantMessage.id });
  expect(userMessage).toMatchObject({ text: 'Hello there', status: 'done', position: 1, versions: [userMessage!.id] });

  const call = await kit.provider.nextCall();
  expect(call.request.messages).toEqual([{ role: 'user', content: 'Hello there' }]);
  call.parts({ type: 'reasoning', text: 'Hm.' });
  call.text('Good ', 'day', '!');
  call.finish();

  await expect(kit.over(at.userId, turn.id)).resolves.toMatchObject({ state: 'completed' });
  const page = await kit.conversations.messages.page(at.userId, at.conversationId, { limit: 40 });
  expect(page.items.map(({ text, status }) => [text, status])).toEqual([
    ['Hello there', 'done'],
    ['Good day!', 'done'],
  ]);
  expect(page.items[1]).toMatchObject({
    reasoning: 'Hm.',
    finishReason: 'stop',
    usage: { input: 10, output: 5, countedBy: 'provider' },
    parentId: userMessage!.id,
  });
  const events = kit.frames(turn.id).flatMap((frame) => frame.events);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]).toMatchObject({ type: 'started' });
  expect(events.at(-1)).toMatchObject({ type: 'completed', finishReason: 'stop' });
  expect(events.map((event) => (event.type === 'text' ? event.text : '')).join('')).toBe('Good day!');
});

test.each(['sent', 'written again'])(
  'a chat renamed while a message is %s keeps its name for everybody',
  async (how) => {
    const at = await kit.newConversation();
    const first = await send(at, 'Hello');
    (await kit.provider.nextCall()).finish();
    await kit.over(at.userId, first.turn.id);
    const again = { clientTurnId: randomUUID() };
    const waiting = `select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`;
    const held = await withAdmissionLock(kit.database.pool, [at.userId], async () => {
      const answer =
        how === 'sent' ? send(at, 'More') : kit.chat.service.regenerate(at.userId, first.assistantMessage.id, again);
      // Not by the transaction's own connection: what it saw of the others first it goes on seeing.
      await eventually(async () => (await kit.database.pool.query(waiting)).rowCount).toBe(1);
      await kit.conversations.service.change(at.userId, at.conversationId, { title: 'Renamed', pinned: true });
      return { answer };
    });
    const { turn, assistantMessage } = await held.answer;
    const told = kit.heard.filter(({ event }) => event === 'conversation:changed').map(({ payload }) => payload);
    const { openTurns, ...now } = await kit.conversations.service.get(at.userId, at.conversationId);
    expect(now).toMatchObject({ title: 'Renamed', pinned: true, activeLeafId: assistantMessage.id });
    expect(told).toContainEqual({ ...now, openTurns: 1 });
    (await kit.provider.nextCall()).finish();
    expect(openTurns).toBe(1);
    await kit.over(at.userId, turn.id);
  },
);

/** Calls a route as the HTTP server would. */
async function get(name: string, userId: string, params: Record<string, string>): Promise<unknown> {
  const route = kit.chat.routes.find((one) => one.name === name)!;
  return route.handle({ caller: { userId, role: 'user' }, params, query: {}, body: undefined } as unknown as Parameters<
    typeof route.handle
  >[0]);
}

test('every reply can be explained: sections with texts and tokens, timings, usage', async () => {
  const at = await kit.newConversation();
  await kit.conversations.service.change(at.userId, at.conversationId, {
    systemPrompt: 'You are terse.',
    parameters: { temperature: 0.3 },
  });
  const { turn, assistantMessage, userMessage } = await send(at, 'Why?');
  await expect(get('GET /api/messages/:id/trace', at.userId, { id: assistantMessage.id })).rejects.toMatchObject({
    code: 'trace.not-found',
  });
  const call = await kit.provider.nextCall();
  expect(call.request).toMatchObject({
    messages: [
      { role: 'system', content: 'You are terse.' },
      { role: 'user', content: 'Why?' },
    ],
    parameters: { temperature: 0.3 },
  });
  call.text('Because.');
  call.finish();
  await kit.over(at.userId, turn.id);
  const trace = Trace.parse(await get('GET /api/messages/:id/trace', at.userId, { id: assistantMessage.id }));
  expect(trace).toMatchObject({
    turnId: turn.id,
    provider: 'Fake connection',
    sections: [
      { source: 'system', text: 'You are terse.', messageId: null },
      { source: 'history', text: 'Why?', tokens: 2, messageId: userMessage!.id },
    ],
    promptTokens: 10,
    omittedMessages: 0,
    attempts: 1,
    parameters: { temperature: 0.3 },
  });
  expect(trace.timings.firstTokenMs).toBeGreaterThanOrEqual(trace.timings.promptMs);
  await expect(get('GET /api/messages/:id/trace', randomUUID(), { id: assistantMessage.id })).rejects.toMatchObject({
    code: 'trace.not-found',
  });
});

test('what is being written can be asked for', async () => {
  const at = await kit.newConversation();
  const { turn } = await send(at, 'One');
  await expect(get('GET /api/turns', at.userId, {})).resolves.toMatchObject([{ id: turn.id }]);
  (await kit.provider.nextCall()).finish();
  await kit.over(at.userId, turn.id);
});

test('all tabs hear that the turn opened, of its conversation, and that it closed', async () => {
  const at = await kit.newConversation();
  kit.heard.length = 0;
  const { turn } = await send(at, 'Hello');
  const call = await kit.provider.nextCall();
  call.text('Hi');
  call.finish();
  // Others of this file may still be told of their own turns.
  const told = () => kit.heard.filter(({ room }) => room === `user:${at.userId}`);
  await eventually(() => told().some(({ event }) => event === 'turn:closed')).toBe(true);
  const mine = told().map(({ event }) => event);
  expect(mine[0]).toBe('turn:opened');
  await eventually(() => told().some(({ event }) => event === 'conversation:changed')).toBe(true);
  const closed = told().find(({ event }) => event === 'turn:closed')!.payload;
  expect(closed).toMatchObject({ turn: { id: turn.id, state: 'completed' }, message: { text: 'Hi', status: 'done' } });
  await eventually(async () => (await kit.conversations.service.get(at.userId, at.conversationId)).openTurns).toBe(0);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ContentPart } from '../providers/index.ts';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import type { CompletionEnd } from './index.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let kit: ChatKit;

beforeAll(async () => {
  kit = await createChatKit({ databaseUrl: await createMigratedDatabase(undo) });
  undo.defer(() => kit.stop());
});
afterAll(() => undo.disposeAsync());

async function complete(input: { userId?: string; clientTurnId?: string; content?: string } = {}) {
  const parts: ContentPart[] = [];
  const ended = Promise.withResolvers<CompletionEnd>();
  const completion = await kit.chat.complete(
    {
      userId: input.userId ?? randomUUID(),
      model: null,
      clientTurnId: input.clientTurnId,
      request: {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: input.content ?? 'Hello' },
        ],
        parameters: { temperature: 0.5, seed: 7 },
        tools: [{ name: 'clock' }],
        stream: true,
      },
    },
    { onPart: (part) => parts.push(part), onEnd: ended.resolve },
  );
  return { completion, parts, ended: ended.promise };
}

test('a reply to an API client can be explained as one in a chat can', async () => {
  const userId = randomUUID();
  const { completion, ended } = await complete({ userId, content: 'Why?' });
  const call = await kit.provider.nextCall();
  call.text('Because.');
  call.finish();
  await ended;
  const { messageId } = await kit.chat.service.get(userId, completion.turnId);
  const trace = kit.chat.routes.find(({ name }) => name === 'GET /api/messages/:id/trace')!;
  const asked = { caller: { userId }, params: { id: messageId } } as unknown as Parameters<typeof trace.handle>[0];
  expect(await trace.handle(asked)).toMatchObject({
    turnId: completion.turnId,
    sections: [
      { source: 'request', role: 'system', text: 'Be brief.', tokens: 3 },
      { source: 'request', role: 'user', text: 'Why?', tokens: 2 },
    ],
    parameters: { temperature: 0.5, seed: 7 },
    promptTokens: 10,
  });
});

test('an API request is passed on as it is and its reply comes part by part', async () => {
  const { parts, ended } = await complete();
  const call = await kit.provider.nextCall();
  expect(call.request).toMatchObject({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ],
    parameters: { temperature: 0.5, seed: 7 },
    tools: [{ name: 'clock' }],
    stream: true,
  });
  call.text('He', 'llo');
  expect(parts).toEqual([
    { type: 'text', text: 'He' },
    { type: 'text', text: 'llo' },
  ]);
  call.parts({ type: 'toolCall', index: 0, id: 'call_1', name: 'clock', arguments: '{' });
  call.parts({ type: 'toolCall', index: 0, arguments: '}' });
  call.finish({ finishReason: 'tool_calls' });
  await expect(ended).resolves.toEqual({
    state: 'completed',
    finishReason: 'tool_calls',
    usage: { input: 10, output: 5, countedBy: 'provider' },
    failure: null,
    receipt: null,
  });
});

test('the end comes when the reply is stored', async () => {
  const { completion, ended } = await complete();
  const call = await kit.provider.nextCall();
  call.text('Stored');
  call.finish();
  await ended;
  const { rows } = await kit.database.pool.query(
    `select t.state, m.text, m.status from turn t join message m on m.id = t.message_id where t.id = $1`,
    [completion.turnId],
  );
  expect(rows).toEqual([{ state: 'completed', text: 'Stored', status: 'done' }]);
});

test('a client that goes away ends the call upstream', async () => {
  const { completion, ended } = await complete();
  const call = await kit.provider.nextCall();
  call.text('Partly');
  completion.stop();
  await call.whenAborted;
  await expect(ended).resolves.toMatchObject({ state: 'stopped', usage: { countedBy: 'us' } });
});

test('a failure is told by its code', async () => {
  const { ended } = await complete();
  (await kit.provider.nextCall()).fail('rate_limit');
  await expect(ended).resolves.toMatchObject({ state: 'failed', failure: { code: 'provider.rate_limit' } });
});

test('a repeated key is answered from what was stored, another body under it is refused', async () => {
  const userId = randomUUID();
  const clientTurnId = randomUUID();
  const first = await complete({ userId, clientTurnId });
  const call = await kit.provider.nextCall();
  call.text('Only once');
  call.parts({ type: 'toolCall', index: 0, id: 'a', name: 'clock', arguments: '{}' });
  call.finish();
  const end = await first.ended;
  const calls = kit.provider.calls;
  const second = await complete({ userId, clientTurnId });
  expect(second.completion.turnId).toBe(first.completion.turnId);
  await expect(second.ended).resolves.toEqual(end);
  expect(second.parts).toEqual(first.parts);
  expect(kit.provider.calls).toBe(calls);
  await expect(complete({ userId, clientTurnId, content: 'Other' })).rejects.toMatchObject({ code: 'turn.id-reused' });
});

test('of a hundred parallel requests with one key one becomes a turn, which the others are answered from', async () => {
  const userId = randomUUID();
  const clientTurnId = randomUUID();
  const calls = kit.provider.calls;
  const all = await Promise.all(Array.from({ length: 100 }, () => complete({ userId, clientTurnId })));
  const call = await kit.provider.nextCall();
  call.text('Only once');
  const isOver = vi.fn<() => void>();
  for (const { ended } of all) void ended.then(isOver);
  const turn = await kit.chat.service.get(userId, all[0]!.completion.turnId);
  expect(['queued', 'running']).toContain(turn.state);
  expect(isOver).not.toHaveBeenCalled();
  call.finish();
  const ends = await Promise.all(all.map(({ ended }) => ended));
  expect(ends[0]).toMatchObject({ state: 'completed', finishReason: 'stop' });
  for (const [at, { completion, parts }] of all.entries()) {
    expect(completion.turnId).toBe(all[0]!.completion.turnId);
    expect(parts).toEqual([{ type: 'text', text: 'Only once' }]);
    expect(ends[at]).toEqual(ends[0]);
  }
  expect(kit.provider.calls).toBe(calls + 1);
});

test('who repeats a request and goes away ends nothing but his own waiting', async () => {
  const userId = randomUUID();
  const clientTurnId = randomUUID();
  const first = await complete({ userId, clientTurnId });
  const call = await kit.provider.nextCall();
  const second = await complete({ userId, clientTurnId });
  second.completion.stop();
  await expect(second.ended).resolves.toMatchObject({ state: 'interrupted' });
  call.text('Goes on');
  call.finish();
  await expect(first.ended).resolves.toMatchObject({ state: 'completed' });
});

test('API replies appear neither in conversations nor in search', async () => {
  const userId = randomUUID();
  const { ended } = await complete({ userId });
  const call = await kit.provider.nextCall();
  call.text('Unfindable');
  call.finish();
  await ended;
  expect((await kit.conversations.service.list(userId, { archived: false, limit: 40 })).items).toEqual([]);
  expect((await kit.conversations.messages.search(userId, { q: 'unfindable', limit: 10 })).items).toEqual([]);
});

test('a refused request reaches no model and leaves nothing running', async () => {
  kit.limits.openTurnsPerUser = 0;
  const calls = kit.provider.calls;
  await expect(complete()).rejects.toMatchObject({ code: 'limits.open-turns', status: 429 });
  kit.limits.openTurnsPerUser = 15;
  await eventually(() => kit.chat.openTurns()).toBe(0);
  expect(kit.provider.calls).toBe(calls);
});

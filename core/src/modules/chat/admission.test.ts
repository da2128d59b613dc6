import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import type { AppError } from '../../lib/app-error.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let kit: ChatKit;

beforeAll(async () => {
  kit = await createChatKit({ databaseUrl: await createMigratedDatabase(undo) });
  undo.defer(() => kit.stop());
});
beforeEach(() => {
  kit.provider.answerWith(null);
  Object.assign(kit.limits, { openTurnsPerUser: 15, openTurnsPerConversation: 5 });
});
afterAll(() => undo.disposeAsync());

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.allSettled(Array.from({ length: count }, (_, index) => work(index)));
const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as AppError).code] : []));

test('one hundred parallel sends under one id make one turn', async () => {
  const at = await kit.newConversation();
  const input = { clientTurnId: randomUUID(), text: 'Once' };
  const results = await times(100, () => kit.chat.service.send(at.userId, at.conversationId, input));
  const turnIds = new Set(results.map((result) => (result.status === 'fulfilled' ? result.value.turn.id : 'refused')));
  expect(turnIds.size).toBe(1);
  const page = await kit.conversations.messages.page(at.userId, at.conversationId, { limit: 40 });
  expect(page.items).toHaveLength(2);
});

test('another message under the same id is refused, and so is the id for a regenerate', async () => {
  const at = await kit.newConversation();
  const clientTurnId = randomUUID();
  const { assistantMessage, turn } = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId,
    text: 'This',
  });
  await expect(
    kit.chat.service.send(at.userId, at.conversationId, { clientTurnId, text: 'That' }),
  ).rejects.toMatchObject({ code: 'turn.id-reused', status: 422 });
  await kit.chat.service.stop(at.userId, turn.id);
  await expect(kit.chat.service.regenerate(at.userId, assistantMessage.id, { clientTurnId })).rejects.toMatchObject({
    code: 'turn.id-reused',
  });
});

test('of many parallel sends exactly five are open in a conversation', async () => {
  const at = await kit.newConversation();
  const results = await times(20, () =>
    kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text: 'Now' }),
  );
  expect(codes(results)).toEqual(Array.from({ length: 15 }, () => 'limits.open-turns-conversation'));
});

test('a user never has a sixteenth open turn, over conversations and API requests together', async () => {
  const userId = randomUUID();
  const conversations = await Promise.all(Array.from({ length: 6 }, () => kit.newConversation(userId)));
  const sink = { onPart: () => undefined, onEnd: () => undefined };
  const results = await times<unknown>(60, (index) =>
    index % 2 === 0
      ? kit.chat.service.send(userId, conversations[index % 6]!.conversationId, {
          clientTurnId: randomUUID(),
          text: 'Go',
        })
      : kit.chat.complete({ userId, model: null, request: { messages: [], parameters: {}, stream: true } }, sink),
  );
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(15);
  expect(new Set(codes(results))).toContain('limits.open-turns');
  expect(await kit.chat.service.listOpen(userId)).toHaveLength(15);
});

test('a place is free again as soon as a turn has ended', async () => {
  kit.limits.openTurnsPerUser = 1;
  const at = await kit.newConversation();
  kit.provider.answerWith((call) => call.finish());
  for (let round = 0; round < 5; round++) {
    const { turn } = await kit.chat.service.send(at.userId, at.conversationId, {
      clientTurnId: randomUUID(),
      text: 'Again',
    });
    await expect(kit.over(at.userId, turn.id)).resolves.toMatchObject({ state: 'completed' });
  }
});

test('parallel requests of many API clients are all admitted, each once', async () => {
  kit.provider.answerWith((call) => {
    call.text('ok');
    call.finish();
  });
  const ends: string[] = [];
  const results = await times(120, () =>
    kit.chat.complete(
      {
        userId: randomUUID(),
        model: null,
        request: { messages: [{ role: 'user', content: 'hi' }], parameters: {}, stream: true },
      },
      { onPart: () => undefined, onEnd: (end) => ends.push(end.state) },
    ),
  );
  expect(new Set(results.map((result) => (result.status === 'fulfilled' ? result.value.turnId : ''))).size).toBe(120);
  await eventually(() => ends.length).toBe(120);
  expect(new Set(ends)).toEqual(new Set(['completed']));
});

test("somebody else's conversation, message and turn do not exist", async () => {
  const at = await kit.newConversation();
  const stranger = randomUUID();
  const { turn, assistantMessage } = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Mine',
  });
  const again = { clientTurnId: randomUUID() };
  await expect(kit.chat.service.send(stranger, at.conversationId, { ...again, text: 'Yours?' })).rejects.toMatchObject({
    code: 'conversation.not-found',
  });
  await expect(kit.chat.service.regenerate(stranger, assistantMessage.id, again)).rejects.toMatchObject({
    code: 'message.not-found',
  });
  await expect(kit.chat.service.stop(stranger, turn.id)).rejects.toMatchObject({ code: 'turn.not-found' });
  await expect(kit.chat.service.get(stranger, turn.id)).rejects.toMatchObject({ code: 'turn.not-found' });
  expect(await kit.chat.service.listOpen(stranger)).toEqual([]);
});

test('a message can only follow one of the same conversation', async () => {
  const at = await kit.newConversation();
  const other = await kit.newConversation(at.userId);
  const { userMessage } = await kit.chat.service.send(at.userId, other.conversationId, {
    clientTurnId: randomUUID(),
    text: 'There',
  });
  await expect(
    kit.chat.service.send(at.userId, at.conversationId, {
      clientTurnId: randomUUID(),
      text: 'Here',
      parentId: userMessage!.id,
    }),
  ).rejects.toMatchObject({ code: 'message.not-found' });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let kit: ChatKit;

beforeAll(async () => {
  kit = await createChatKit({ databaseUrl: await createMigratedDatabase(undo) });
  undo.defer(() => kit.stop());
});
afterAll(() => undo.disposeAsync());

interface Place {
  userId: string;
  conversationId: string;
}
async function ask(at: Place, text: string, answer: string | null, more: { parentId?: string | null } = {}) {
  const opened = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text,
    ...more,
  });
  await reply(answer);
  await kit.over(at.userId, opened.turn.id);
  return opened;
}
/** Null: the provider fails. */
async function reply(answer: string | null) {
  const call = await kit.provider.nextCall();
  if (answer === null) return call.fail('server');
  call.text(answer);
  call.finish();
}
const path = async (at: Place) =>
  (await kit.conversations.messages.page(at.userId, at.conversationId, { limit: 40 })).items;

test('a failed answer is written again in place', async () => {
  const at = await kit.newConversation();
  const { assistantMessage } = await ask(at, 'Question', null);
  const again = await kit.chat.service.regenerate(at.userId, assistantMessage.id, { clientTurnId: randomUUID() });
  expect(again.assistantMessage).toMatchObject({ id: assistantMessage.id, status: 'queued', failure: null });
  expect(again.userMessage).toBeNull();
  await reply('Better');
  await kit.over(at.userId, again.turn.id);
  expect(await path(at)).toMatchObject([
    { text: 'Question' },
    { id: assistantMessage.id, text: 'Better', status: 'done' },
  ]);
});

test('a good answer gets a version beside it', async () => {
  const at = await kit.newConversation();
  const { assistantMessage, userMessage } = await ask(at, 'Question', 'First');
  const again = await kit.chat.service.regenerate(at.userId, assistantMessage.id, { clientTurnId: randomUUID() });
  expect(again.assistantMessage.versions).toEqual([assistantMessage.id, again.assistantMessage.id]);
  const call = await kit.provider.nextCall();
  expect(call.request.messages).toEqual([{ role: 'user', content: 'Question' }]);
  call.text('Second');
  call.finish();
  await kit.over(at.userId, again.turn.id);
  expect(await path(at)).toMatchObject([{ id: userMessage!.id }, { text: 'Second', position: 2 }]);
  await kit.conversations.messages.showBranch(at.userId, at.conversationId, assistantMessage.id);
  expect((await path(at))[1]).toMatchObject({ text: 'First', versions: again.assistantMessage.versions });
});

test('what followed a failed answer stays when it is written again', async () => {
  const at = await kit.newConversation();
  const { assistantMessage } = await ask(at, 'One', null);
  await ask(at, 'Two', 'Answer two');
  const again = await kit.chat.service.regenerate(at.userId, assistantMessage.id, { clientTurnId: randomUUID() });
  await reply('Answer one');
  await kit.over(at.userId, again.turn.id);
  expect((await path(at)).map(({ text }) => text)).toEqual(['One', 'Answer one', 'Two', 'Answer two']);
});

test('an edit of a message starts a branch, also of the first one', async () => {
  const at = await kit.newConversation();
  const first = await ask(at, 'Hello', 'Hi');
  const second = await ask(at, 'How are you?', 'Fine');
  const edited = await ask(at, 'Who are you?', 'A model', { parentId: first.assistantMessage.id });
  expect(edited.userMessage!.versions).toEqual([second.userMessage!.id, edited.userMessage!.id]);
  expect((await path(at)).map(({ text }) => text)).toEqual(['Hello', 'Hi', 'Who are you?', 'A model']);
  const anew = await ask(at, 'Good morning', 'Morning', { parentId: null });
  expect(anew.userMessage).toMatchObject({ position: 1, versions: [first.userMessage!.id, anew.userMessage!.id] });
  expect((await path(at)).map(({ text }) => text)).toEqual(['Good morning', 'Morning']);
  // Back to the oldest branch: its newest end is shown.
  await kit.conversations.messages.showBranch(at.userId, at.conversationId, first.userMessage!.id);
  expect((await path(at)).map(({ text }) => text)).toEqual(['Hello', 'Hi', 'Who are you?', 'A model']);
});

test('around and after a message of another branch there is nothing to read until that branch is shown', async () => {
  const at = await kit.newConversation();
  const first = await ask(at, 'Hello', 'Hi');
  const second = await ask(at, 'How are you?', 'Fine');
  await ask(at, 'Who are you?', 'A model', { parentId: first.assistantMessage.id });
  const read = (query: { around?: string; after?: string }) =>
    kit.conversations.messages.page(at.userId, at.conversationId, { limit: 40, ...query });
  const texts = async (query: { around?: string; after?: string }) => (await read(query)).items.map(({ text }) => text);
  const other = { code: 'message.other-branch' };
  await expect(read({ around: second.userMessage!.id })).rejects.toMatchObject(other);
  await expect(read({ after: second.userMessage!.id })).rejects.toMatchObject(other);
  await expect(read({ after: second.assistantMessage.id })).rejects.toMatchObject(other);
  expect(await texts({ after: first.assistantMessage.id })).toEqual(['Who are you?', 'A model']);
  await kit.conversations.messages.showBranch(at.userId, at.conversationId, second.userMessage!.id);
  expect(await texts({ around: second.userMessage!.id })).toEqual(['Hello', 'Hi', 'How are you?', 'Fine']);
  expect(await texts({ after: second.userMessage!.id })).toEqual(['Fine']);
  expect(await texts({ after: second.assistantMessage.id })).toEqual([]);
});

test('a message that is being written can neither be written again nor corrected', async () => {
  const at = await kit.newConversation();
  const { assistantMessage, turn } = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Wait',
  });
  const stillWriting = { code: 'message.still-writing' };
  await expect(
    kit.chat.service.regenerate(at.userId, assistantMessage.id, { clientTurnId: randomUUID() }),
  ).rejects.toMatchObject(stillWriting);
  await expect(kit.conversations.messages.correct(at.userId, assistantMessage.id, 'x')).rejects.toMatchObject(
    stillWriting,
  );
  await reply('Done');
  await kit.over(at.userId, turn.id);
  await expect(kit.conversations.messages.correct(at.userId, assistantMessage.id, 'Corrected')).resolves.toMatchObject({
    text: 'Corrected',
    editedAt: expect.any(String),
  });
});

test('only replies are written again', async () => {
  const at = await kit.newConversation();
  const { userMessage } = await ask(at, 'Question', 'Answer');
  await expect(
    kit.chat.service.regenerate(at.userId, userMessage!.id, { clientTurnId: randomUUID() }),
  ).rejects.toMatchObject({ code: 'message.not-a-reply' });
});

test('deleting a conversation stops what is being written in it', async () => {
  const at = await kit.newConversation();
  await kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text: 'Bye' });
  const call = await kit.provider.nextCall();
  expect(call.isAborted).toBe(false);
  await kit.conversations.service.delete(at.userId, at.conversationId);
  await call.whenAborted;
});

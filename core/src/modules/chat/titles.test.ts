import { randomUUID } from 'node:crypto';
import type { Conversation } from '@parley/sdk/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
const secret = 'hunter2';
/** Names by first words alone. */
let byWords: ChatKit;
/** Has the model write names too. A name is asked for after its turn is over, so this is never switched in between. */
let byModel: ChatKit;

beforeAll(async () => {
  const databaseUrl = await createMigratedDatabase(undo);
  byWords = await createChatKit({
    databaseUrl,
    moderation: {
      checkInput: async (text) => ({
        text: text.replace(secret, '[hidden]'),
        steps: [],
        flaggedBy: null,
        blockedBy: null,
      }),
    },
  });
  undo.defer(() => byWords.stop());
  byModel = await createChatKit({ databaseUrl });
  byModel.settings.modelTitles = true;
  undo.defer(() => byModel.stop());
});
afterAll(() => undo.disposeAsync());

interface Place {
  userId: string;
  conversationId: string;
}
const send = (kit: ChatKit, at: Place, text: string) =>
  kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text });
const named = async (kit: ChatKit, at: Place) =>
  (await kit.conversations.service.get(at.userId, at.conversationId)).title;
/** What every tab was told of the titles, in order. */
const told = (kit: ChatKit, at: Place) =>
  kit.heard
    .filter(({ room, event }) => room === `user:${at.userId}` && event === 'conversation:changed')
    .map(({ payload }) => (payload as Conversation).title);
async function answer(kit: ChatKit, text: string): Promise<void> {
  const call = await kit.provider.nextCall();
  call.text(text);
  call.finish();
}

test('the first words name a conversation at once, whatever becomes of the reply, and every tab hears of it', async () => {
  const at = await byWords.newConversation();
  const { turn } = await send(byWords, at, '# What is **Rust**?\n\nPlease explain.');
  expect(await byWords.conversations.service.get(at.userId, at.conversationId)).toMatchObject({
    title: 'What is Rust?',
    titleSource: 'auto',
  });
  expect(told(byWords, at)).toEqual(['What is Rust?']);
  const found = await byWords.conversations.messages.search(at.userId, { q: 'rust', limit: 10 });
  expect(found.items.map(({ messageId }) => messageId)).toContain(null);
  (await byWords.provider.nextCall()).fail('server');
  await byWords.over(at.userId, turn.id);
  const next = await send(byWords, at, 'Is it fast?');
  await answer(byWords, 'Yes');
  await byWords.over(at.userId, next.turn.id);
  expect(await named(byWords, at)).toBe('What is Rust?');
});

test('a name that a person gave stays', async () => {
  const at = await byWords.newConversation();
  await byWords.conversations.service.change(at.userId, at.conversationId, { title: 'Mine' });
  const { turn } = await send(byWords, at, 'Something else');
  await answer(byWords, 'Yes');
  await byWords.over(at.userId, turn.id);
  expect(await named(byWords, at)).toBe('Mine');
});

test('words that say nothing leave the name to the next ones', async () => {
  const at = await byWords.newConversation();
  for (const text of ['\u200b', 'Now then']) {
    const { turn } = await send(byWords, at, text);
    await answer(byWords, 'Yes');
    await byWords.over(at.userId, turn.id);
  }
  expect(await named(byWords, at)).toBe('Now then');
});

test('what a gate masks in the first words is masked in the name', async () => {
  const at = await byWords.newConversation();
  const { turn } = await send(byWords, at, `My password is ${secret}`);
  await answer(byWords, 'Keep it to yourself');
  await byWords.over(at.userId, turn.id);
  expect(await named(byWords, at)).toBe('My password is [hidden]');
  expect(told(byWords, at).at(-1)).toBe('My password is [hidden]');
});

test('a name written by a model replaces the first words, cleaned, and charged to no turn', async () => {
  const at = await byModel.newConversation();
  await send(byModel, at, 'Why is the sky blue?');
  await answer(byModel, 'Because of scattering.');
  const call = await byModel.provider.nextCall();
  expect(await named(byModel, at)).toBe('Why is the sky blue?');
  expect(call.request.parameters.maxTokens).toBeLessThan(100);
  call.text('"**Blue', ' sky**"');
  call.finish();
  await eventually(() => named(byModel, at)).toBe('Blue sky');
  expect(await byModel.chat.service.listOpen(at.userId)).toEqual([]);

  const callsBefore = byModel.provider.calls;
  const { turn } = await send(byModel, at, 'And at night?');
  await answer(byModel, 'It is dark.');
  await byModel.over(at.userId, turn.id);
  await byModel.chat.service.regenerate(at.userId, turn.messageId, { clientTurnId: randomUUID() });
  await answer(byModel, 'It is black.');
  await eventually(() => byModel.chat.openTurns()).toBe(0);
  expect(byModel.provider.calls - callsBefore).toBe(2);
});

test('a model does not name what a person has named meanwhile', async () => {
  const at = await byModel.newConversation();
  await send(byModel, at, 'Why is grass green?');
  await answer(byModel, 'Chlorophyll.');
  const call = await byModel.provider.nextCall();
  await byModel.conversations.service.change(at.userId, at.conversationId, { title: 'Mine' });
  const before = told(byModel, at).length;
  call.text('Green grass');
  call.finish();
  const { turn } = await send(byModel, at, 'Thanks');
  await answer(byModel, 'Welcome');
  await byModel.over(at.userId, turn.id);
  expect(await named(byModel, at)).toBe('Mine');
  expect(told(byModel, at).slice(before)).not.toContain('Green grass');
});

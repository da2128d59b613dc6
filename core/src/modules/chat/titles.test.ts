import { randomUUID } from 'node:crypto';
import type { Conversation } from '@parley/sdk/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
const secret = 'hunter2';
let kit: ChatKit;

beforeAll(async () => {
  kit = await createChatKit({
    databaseUrl: await createMigratedDatabase(undo),
    moderation: {
      checkInput: async (text) => ({
        text: text.replace(secret, '[hidden]'),
        steps: [],
        flaggedBy: null,
        blockedBy: null,
      }),
    },
  });
  undo.defer(() => kit.stop());
});
afterAll(() => undo.disposeAsync());

interface Place {
  userId: string;
  conversationId: string;
}
const send = (at: Place, text: string) =>
  kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text });
const named = async (at: Place) => (await kit.conversations.service.get(at.userId, at.conversationId)).title;
/** What every tab was told of the titles, in order. */
const told = (at: Place) =>
  kit.heard
    .filter(({ room, event }) => room === `user:${at.userId}` && event === 'conversation:changed')
    .map(({ payload }) => (payload as Conversation).title);
async function answer(text: string): Promise<void> {
  const call = await kit.provider.nextCall();
  call.text(text);
  call.finish();
}

test('the first words name a conversation at once, whatever becomes of the reply, and every tab hears of it', async () => {
  const at = await kit.newConversation();
  const { turn } = await send(at, '# What is **Rust**?\n\nPlease explain.');
  expect(await kit.conversations.service.get(at.userId, at.conversationId)).toMatchObject({
    title: 'What is Rust?',
    titleSource: 'auto',
  });
  expect(told(at)).toEqual(['What is Rust?']);
  const found = await kit.conversations.messages.search(at.userId, { q: 'rust', limit: 10 });
  expect(found.items.map(({ messageId }) => messageId)).toContain(null);
  (await kit.provider.nextCall()).fail('server');
  await kit.over(at.userId, turn.id);
  const next = await send(at, 'Is it fast?');
  await answer('Yes');
  await kit.over(at.userId, next.turn.id);
  expect(await named(at)).toBe('What is Rust?');
});

test('a name that a person gave stays', async () => {
  const at = await kit.newConversation();
  await kit.conversations.service.change(at.userId, at.conversationId, { title: 'Mine' });
  const { turn } = await send(at, 'Something else');
  await answer('Yes');
  await kit.over(at.userId, turn.id);
  expect(await named(at)).toBe('Mine');
});

test('words that say nothing leave the name to the next ones', async () => {
  const at = await kit.newConversation();
  for (const text of ['\u200b', 'Now then']) {
    const { turn } = await send(at, text);
    await answer('Yes');
    await kit.over(at.userId, turn.id);
  }
  expect(await named(at)).toBe('Now then');
});

test('what a gate masks in the first words is masked in the name', async () => {
  const at = await kit.newConversation();
  const { turn } = await send(at, `My password is ${secret}`);
  await answer('Keep it to yourself');
  await kit.over(at.userId, turn.id);
  expect(await named(at)).toBe('My password is [hidden]');
  expect(told(at).at(-1)).toBe('My password is [hidden]');
});

test('a name written by a model replaces the first words, cleaned, and charged to no turn', async () => {
  kit.settings.modelTitles = true;
  const at = await kit.newConversation();
  await send(at, 'Why is the sky blue?');
  await answer('Because of scattering.');
  const call = await kit.provider.nextCall();
  expect(await named(at)).toBe('Why is the sky blue?');
  expect(call.request.parameters.maxTokens).toBeLessThan(100);
  call.text('"**Blue', ' sky**"');
  call.finish();
  await eventually(() => named(at)).toBe('Blue sky');
  expect(await kit.chat.service.listOpen(at.userId)).toEqual([]);

  const callsBefore = kit.provider.calls;
  const { turn } = await send(at, 'And at night?');
  await answer('It is dark.');
  await kit.over(at.userId, turn.id);
  await kit.chat.service.regenerate(at.userId, turn.messageId, { clientTurnId: randomUUID() });
  await answer('It is black.');
  await eventually(() => kit.chat.openTurns()).toBe(0);
  expect(kit.provider.calls - callsBefore).toBe(2);
  kit.settings.modelTitles = false;
});

test('a model does not name what a person has named meanwhile', async () => {
  kit.settings.modelTitles = true;
  const at = await kit.newConversation();
  await send(at, 'Why is grass green?');
  await answer('Chlorophyll.');
  const call = await kit.provider.nextCall();
  await kit.conversations.service.change(at.userId, at.conversationId, { title: 'Mine' });
  const before = told(at).length;
  call.text('Green grass');
  call.finish();
  const { turn } = await send(at, 'Thanks');
  await answer('Welcome');
  await kit.over(at.userId, turn.id);
  expect(await named(at)).toBe('Mine');
  expect(told(at).slice(before)).not.toContain('Green grass');
  kit.settings.modelTitles = false;
});

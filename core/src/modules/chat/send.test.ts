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

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CuttingProxy, startCuttingProxy } from '../../testing/cutting-proxy.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
const admin = randomUUID();
let proxy: CuttingProxy;
let kit: ChatKit;

beforeAll(async () => {
  proxy = await startCuttingProxy(await createMigratedDatabase(undo), undo);
  kit = await createChatKit({ databaseUrl: proxy.url });
  undo.defer(() => kit.stop());
  const free = { perMessage: 0, per1kInput: 0, per1kOutput: 0, per1kReasoning: null, per1kCachedInput: null };
  const price = { ...free, model: kit.model.publicId, perMessage: 100, perImage: 0, perVideoSecond: 0 };
  await kit.credits.prices.set(price, admin, async () => {});
});
afterAll(() => undo.disposeAsync());

async function rich(): Promise<{ userId: string; conversationId: string }> {
  const at = await kit.newConversation();
  const booking = { kind: 'grant' as const, amount: 1_000n, reason: 'test', actorId: null };
  await kit.credits.transfers.book({ ...booking, userId: at.userId, idempotencyKey: randomUUID() });
  return at;
}
async function balance(userId: string): Promise<unknown> {
  const { rows } = await kit.database.pool.query(
    'select available::int, held::int from credit_account where user_id = $1',
    [userId],
  );
  return rows[0];
}
const eventsOf = (turnId: string) => kit.frames(turnId).flatMap(({ events }) => events);

test.each(['before', 'answered'] as const)(
  'a connection that is lost while an end is written down (%s): it is told once and charged once',
  async (when) => {
    const { userId, conversationId } = await rich();
    const { turn } = await kit.chat.service.send(userId, conversationId, { clientTurnId: randomUUID(), text: 'Go' });
    const call = await kit.provider.nextCall();
    call.text('Delivered');
    const cut = proxy.cut({ words: 'chat.settle', when });
    call.finish();
    await cut;
    await expect(kit.over(userId, turn.id)).resolves.toMatchObject({ state: 'completed' });
    const ends = eventsOf(turn.id).filter(({ type }) => type === 'completed');
    expect(ends).toMatchObject([{ receipt: { state: 'charged', held: 100, charged: 100 } }]);
    expect(await balance(userId)).toEqual({ available: 900, held: 0 });
  },
);

test('an API client whose end was written down, but not confirmed, gets it all the same', async () => {
  const { userId } = await rich();
  const ended = Promise.withResolvers<unknown>();
  const request = { messages: [{ role: 'user' as const, content: 'Hello' }], parameters: {}, stream: true };
  await kit.chat.complete({ userId, model: null, request }, { onPart: () => {}, onEnd: (end) => ended.resolve(end) });
  const call = await kit.provider.nextCall();
  call.text('Delivered');
  const cut = proxy.cut({ words: 'chat.settle', when: 'answered' });
  call.finish();
  await cut;
  await expect(ended.promise).resolves.toMatchObject({ state: 'completed', receipt: { charged: 100 } });
});

test.each(['before', 'answered'] as const)(
  'a connection that is lost while a message is admitted (%s): sent again under its id it is there once',
  async (when) => {
    const { userId, conversationId } = await rich();
    const input = { clientTurnId: randomUUID(), text: 'Go' };
    const cut = proxy.cut({ after: 'chat.send.write', words: 'commit', when });
    await expect(kit.chat.service.send(userId, conversationId, input)).rejects.toThrow('Connection terminated');
    await cut;
    const opened = await kit.chat.service.send(userId, conversationId, input);
    expect((await kit.chat.service.send(userId, conversationId, input)).turn.id).toBe(opened.turn.id);
    expect(await balance(userId)).toEqual({ available: 900, held: 100 });
    const page = await kit.conversations.messages.page(userId, conversationId, { limit: 40 });
    expect(page.items).toHaveLength(2);
  },
);

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTransaction } from '../../ports/database/transaction.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let kit: ChatKit;
beforeAll(async () => {
  kit = await createChatKit({ databaseUrl: await createMigratedDatabase(undo) });
  undo.defer(() => kit.stop());
  const free = { perMessage: 0, per1kInput: 0, per1kOutput: 0, per1kReasoning: null, per1kCachedInput: null };
  const price = { ...free, model: kit.model.publicId, perMessage: 100, perImage: 0, perVideoSecond: 0 };
  await kit.credits.prices.set(price, randomUUID(), async () => {});
});
afterAll(() => undo.disposeAsync());

/** Starts `admit` while somebody takes back what is needed, who commits when the admission waits for him. */
async function overtaken(userId: string, admit: () => Promise<unknown>): Promise<unknown> {
  const { pool } = kit.database;
  const answer = await inTransaction(pool, async (client) => {
    await client.query('update credit_account set available = available - 950 where user_id = $1', [userId]);
    const admission = admit().catch((error: unknown) => error);
    const waiting = () =>
      pool
        .query(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)
        .then(({ rowCount }) => rowCount);
    await expect.poll(waiting).toBe(1);
    return { admission };
  });
  return answer.admission;
}
async function rich(): Promise<{ userId: string; conversationId: string }> {
  const at = await kit.newConversation();
  const booking = { kind: 'grant' as const, amount: 1_000n, reason: 'test', actorId: null };
  await kit.credits.transfers.book({ ...booking, userId: at.userId, idempotencyKey: randomUUID() });
  return at;
}
async function openTurns(userId: string): Promise<number> {
  return (await kit.chat.service.listOpen(userId)).length;
}

test('credits that are taken back while a message is admitted are missed, and nothing of it stays', async () => {
  const { userId, conversationId } = await rich();
  const input = { clientTurnId: randomUUID(), text: 'Go' };
  const refused = await overtaken(userId, () => kit.chat.service.send(userId, conversationId, input));
  expect(refused).toMatchObject({ code: 'credits.insufficient', data: { needed: 100, left: 50 } });
  expect(await openTurns(userId)).toBe(0);
  const page = await kit.conversations.messages.page(userId, conversationId, { limit: 10 });
  expect(page.items).toEqual([]);
});

test('so it is for an API client', async () => {
  const { userId } = await rich();
  const request = { messages: [{ role: 'user' as const, content: 'Go' }], parameters: {}, stream: true };
  const sink = { onPart: () => {}, onEnd: () => {} };
  const refused = await overtaken(userId, () => kit.chat.complete({ userId, model: null, request }, sink));
  expect(refused).toMatchObject({ code: 'credits.insufficient' });
  expect(await openTurns(userId)).toBe(0);
});

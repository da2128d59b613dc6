import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let databaseUrl: string;
let kit: ChatKit;
let admin: Client;

beforeAll(async () => {
  databaseUrl = await createMigratedDatabase(undo);
  kit = await createChatKit({ databaseUrl });
  undo.defer(() => kit.stop());
  admin = new Client({ connectionString: new URL('/postgres', databaseUrl).href });
  await admin.connect();
  undo.defer(() => admin.end());
});
afterAll(() => undo.disposeAsync());

async function allowConnections(isAllowed: boolean): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await admin.query(`alter database ${name} with allow_connections ${isAllowed}`);
  if (!isAllowed)
    await admin.query('select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = $1', [name]);
}

const isNamed = (asked: unknown, name: string) => (asked as { name?: string }).name === name;

test('a reply that ends while the database is away is stored when it is back', async () => {
  const at = await kit.newConversation();
  const { turn, assistantMessage } = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Go',
  });
  const call = await kit.provider.nextCall();
  call.text('Delivered already');
  using query = vi.spyOn(kit.database.pool, 'query');
  const attempts = () => query.mock.calls.filter(([asked]) => isNamed(asked, 'chat.settle'));
  await allowConnections(false);
  try {
    call.finish();
    // The second attempt shows that the first was refused, and that nobody gave up.
    await eventually(() => attempts().length).toBeGreaterThan(1);
    expect(kit.chat.openTurns()).toBe(1);
    expect(kit.frames(turn.id).flatMap(({ events }) => events.map(({ type }) => type))).not.toContain('completed');
  } finally {
    await allowConnections(true);
  }
  await expect(kit.over(at.userId, turn.id)).resolves.toMatchObject({ state: 'completed' });
  await expect(kit.conversations.messages.get(at.userId, assistantMessage.id)).resolves.toMatchObject({
    text: 'Delivered already',
    status: 'done',
  });
});

test('a reply whose prompt cannot be read because the database has just gone away is written when it is back', async () => {
  const at = await kit.newConversation();
  const { pool } = kit.database;
  const ask = pool.query.bind(pool);
  using query = vi.spyOn(pool, 'query');
  const attempts = () => query.mock.calls.filter(([asked]) => isNamed(asked, 'message.history')).length;
  const goAway = async (...asked: Parameters<typeof ask>) => {
    if (isNamed(asked[0], 'message.history') && attempts() === 1) await allowConnections(false);
    return ask(...asked);
  };
  // Of its many shapes the types know the one with a callback.
  query.mockImplementation((...asked) => goAway(...asked) as never);
  try {
    const { turn } = await kit.chat.service.send(at.userId, at.conversationId, {
      clientTurnId: randomUUID(),
      text: 'Go',
    });
    await eventually(attempts).toBeGreaterThan(1);
    await allowConnections(true);
    const call = await kit.provider.nextCall();
    call.text('Late, but whole');
    call.finish();
    await expect(kit.over(at.userId, turn.id)).resolves.toMatchObject({ state: 'completed' });
  } finally {
    await allowConnections(true);
  }
});

import { randomUUID } from 'node:crypto';
import type { ServerToClientEvents } from '@parley/sdk/contract';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEventBus } from '../../events/event-bus.ts';
import { openCache } from '../../ports/cache/index.ts';
import { openDatabase, type Database } from '../../ports/database/database.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { insertUser } from '../../testing/factories/insert-user.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createConversationsModule, type ConversationsModule } from './index.ts';

const undo = new AsyncDisposableStack();
const clock = fakeClock(Date.now());
let database: Database;
let conversations: ConversationsModule;
let heard: { room: string; event: keyof ServerToClientEvents; payload: unknown }[] = [];
let userId: string;

beforeAll(async () => {
  database = await openDatabase({ url: await createMigratedDatabase(undo) });
  undo.defer(() => database.close());
  conversations = createConversationsModule({
    database,
    cache: openCache({ redis: null, log: pino({ level: 'silent' }) }),
    clock,
    events: createEventBus(() => undefined),
    broadcaster: {
      emit: (room, event, payload) => void heard.push({ room, event, payload }),
      emitLocal: () => undefined,
      disconnect: async () => undefined,
    },
  });
});
beforeEach(async () => {
  userId = await insertUser(database.pool);
  heard = [];
});
afterAll(() => undo.disposeAsync());

const create = (fields: { title?: string } = {}) =>
  conversations.service.create(userId, { model: null, systemPrompt: '', parameters: {}, ...fields });
const list = (query: { archived?: boolean; pinned?: boolean; cursor?: string; limit?: number } = {}) =>
  conversations.service.list(userId, { archived: false, limit: 40, ...query });

test('a conversation is made, renamed, pinned, archived, and every tab hears of it', async () => {
  const { id } = await create();
  await conversations.service.change(userId, id, { title: 'New name', pinned: true });
  const changed = await conversations.service.change(userId, id, {
    archived: true,
    model: 'a/b',
    systemPrompt: 'Be kind',
  });
  expect(changed).toMatchObject({
    title: 'New name',
    titleSource: 'user',
    pinned: true,
    archived: true,
    model: 'a/b',
    systemPrompt: 'Be kind',
  });
  expect(heard.map(({ room, event }) => [room, event])).toEqual([
    [`user:${userId}`, 'conversation:created'],
    [`user:${userId}`, 'conversation:changed'],
    [`user:${userId}`, 'conversation:changed'],
  ]);
  expect((await list()).items).toEqual([]);
  expect((await list({ archived: true, pinned: true })).items).toHaveLength(1);
});

test('of two readings the later one has the larger revision, over a delete too', async () => {
  const { id, revision: made } = await create();
  const { revision: renamed } = await conversations.service.change(userId, id, { title: 'Named' });
  const { revision: read } = await conversations.service.get(userId, id);
  await conversations.service.delete(userId, id);
  const { revision: restored } = await conversations.service.restore(userId, id);
  const deleted = heard.find(({ event }) => event === 'conversation:deleted')!.payload as { revision: number };
  expect([renamed, read, deleted.revision, restored]).toEqual([made + 1, made + 1, made + 2, made + 3]);
});

test('the model can be set back to the default one', async () => {
  const { id } = await create();
  await conversations.service.change(userId, id, { model: 'a/b' });
  await expect(conversations.service.change(userId, id, { pinned: true })).resolves.toMatchObject({ model: 'a/b' });
  await expect(conversations.service.change(userId, id, { model: null })).resolves.toMatchObject({ model: null });
});

test('a delete can be undone until the purge', async () => {
  const { id } = await create({ title: 'Precious' });
  await conversations.service.delete(userId, id);
  await expect(conversations.service.get(userId, id)).rejects.toMatchObject({ code: 'conversation.deleted' });
  await expect(conversations.messages.page(userId, id, { limit: 40 })).rejects.toMatchObject({
    code: 'conversation.deleted',
  });
  expect((await list()).items).toEqual([]);
  expect((await conversations.messages.search(userId, { q: 'precious', limit: 10 })).items).toEqual([]);
  await expect(conversations.service.restore(userId, id)).resolves.toMatchObject({ title: 'Precious' });
  await conversations.service.delete(userId, id);
  expect(heard.map(({ event }) => event)).toEqual([
    'conversation:created',
    'conversation:deleted',
    'conversation:created',
    'conversation:deleted',
  ]);
  const purge = () => conversations.jobs[0]!.run(new AbortController().signal);
  await purge();
  await conversations.service.restore(userId, id);
  await conversations.service.delete(userId, id);
  clock.advance(25 * 60 * 60 * 1000);
  await purge();
  await expect(conversations.service.restore(userId, id)).rejects.toMatchObject({ code: 'conversation.not-found' });
});

test('pages show every conversation once, last active first, also while others become active', async () => {
  const made: string[] = [];
  for (let index = 0; index < 25; index++) made.push((await create()).id);
  await database.pool.query(`update conversation set last_active_at = '2026-01-01T00:00:00.123Z' where id = any($1)`, [
    made.slice(0, 12),
  ]);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ cursor, limit: 7 });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    await create();
  } while (cursor !== undefined);
  expect(seen).toHaveLength(25);
  expect(new Set(seen)).toEqual(new Set(made));
});

test.each(['', 'x', Buffer.from('["now","me"]').toString('base64url'), Buffer.from('{}').toString('base64url')])(
  'the cursor "%s" is refused',
  async (cursor) => {
    await expect(list({ cursor })).rejects.toMatchObject({ code: 'cursor.invalid', status: 400 });
  },
);

test('our title replaces nothing but a title of ours that is still the same', async () => {
  const { id } = await create();
  await conversations.service.retitle(userId, id, '', 'Ours');
  await conversations.service.retitle(userId, id, '', 'Ours again');
  await expect(conversations.service.get(userId, id)).resolves.toMatchObject({ title: 'Ours', titleSource: 'auto' });
  const named = await create({ title: 'Theirs' });
  await conversations.service.retitle(userId, named.id, 'Theirs', 'Ours');
  await expect(conversations.service.get(userId, named.id)).resolves.toMatchObject({ title: 'Theirs' });
});

test("to a stranger somebody's conversation does not exist, whatever is tried", async () => {
  const { id } = await create({ title: 'Secret plans' });
  const stranger = randomUUID();
  const notFound = { code: 'conversation.not-found', status: 404 };
  const { service, messages } = conversations;
  await expect(service.get(stranger, id)).rejects.toMatchObject(notFound);
  await expect(service.change(stranger, id, { title: 'Mine' })).rejects.toMatchObject(notFound);
  await expect(service.delete(stranger, id)).rejects.toMatchObject(notFound);
  await expect(messages.page(stranger, id, { limit: 40 })).rejects.toMatchObject(notFound);
  await expect(messages.showBranch(stranger, id, randomUUID())).rejects.toMatchObject(notFound);
  await service.delete(userId, id);
  await expect(service.restore(stranger, id)).rejects.toMatchObject(notFound);
  await expect(service.get(stranger, id)).rejects.toMatchObject(notFound);
  await service.restore(userId, id);
  expect((await messages.search(stranger, { q: 'secret', limit: 10 })).items).toEqual([]);
});

test('conversations go with their owner, and belong to somebody who exists', async () => {
  const { id } = await create({ title: 'Mine' });
  await database.pool.query(
    `insert into message (id, user_id, conversation_id, slot_id, role, status, text) values ($1, $2, $3, $3, 'user', 'done', 'Hi')`,
    [randomUUID(), userId, id],
  );
  await database.pool.query('delete from users where id = $1', [userId]);
  const { rows } = await database.pool.query('select id from message where user_id = $1', [userId]);
  expect(rows).toEqual([]);
  await expect(create()).rejects.toMatchObject({ code: '23503' });
});

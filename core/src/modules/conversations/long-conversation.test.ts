import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEventBus } from '../../events/event-bus.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { openCache } from '../../ports/cache/index.ts';
import { openDatabase, type Database } from '../../ports/database/database.ts';
import { systemClock } from '../../ports/clock/clock.ts';
import { insertUser } from '../../testing/factories/insert-user.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createConversationsModule, readHistory, type ConversationsModule } from './index.ts';

const LENGTH = 10_000;
const undo = new AsyncDisposableStack();
const userId = randomUUID();
let database: Database;
let conversations: ConversationsModule;
let conversationId: string;
const ids = Array.from({ length: LENGTH }, (_, index) => uuidV7(1_700_000_000_000 + index));

beforeAll(async () => {
  database = await openDatabase({ url: await createMigratedDatabase(undo) });
  undo.defer(() => database.close());
  await insertUser(database.pool, userId);
  conversations = createConversationsModule({
    database,
    cache: openCache({ redis: null, log: pino({ level: 'silent' }) }),
    clock: systemClock,
    events: createEventBus(() => undefined),
    broadcaster: { emit: () => undefined, emitLocal: () => undefined, disconnect: async () => undefined },
  });
  const created = await conversations.service.create(userId, { model: null, systemPrompt: '', parameters: {} });
  conversationId = created.id;
  await database.pool.query(
    `insert into message (id, user_id, conversation_id, parent_id, slot_id, role, status, text, position)
     select t.id, $1, $2, p.id, coalesce(p.id, $2), case when t.n % 2 = 1 then 'user' else 'assistant' end, 'done',
       'message ' || t.n, t.n
     from unnest($3::uuid[]) with ordinality t(id, n) left join unnest($3::uuid[]) with ordinality p(id, n) on p.n = t.n - 1`,
    [userId, conversationId, ids],
  );
  await database.pool.query('update conversation set active_leaf_id = $1 where id = $2', [ids.at(-1), conversationId]);
  await database.pool.query('analyze message');
}, 60_000);
afterAll(() => undo.disposeAsync());

const page = (query: { before?: string; after?: string; around?: string; limit?: number } = {}) =>
  conversations.messages.page(userId, conversationId, { limit: 40, ...query });
const places = (found: Awaited<ReturnType<typeof page>>) => [
  found.items[0]?.position,
  found.items.at(-1)?.position,
  found.items.length,
];

test('a conversation of 10,000 messages opens at its end', async () => {
  const end = await page();
  expect(places(end)).toEqual([9_961, 10_000, 40]);
  expect(end).toMatchObject({ hasBefore: true, hasAfter: false, total: LENGTH });
  expect(end.items.at(-1)).toMatchObject({ text: 'message 10000', versions: [ids.at(-1)] });
});

test('it loads upwards to its beginning, every message once', async () => {
  let oldest = await page({ limit: 100 });
  let count = oldest.items.length;
  while (oldest.hasBefore) {
    oldest = await page({ before: oldest.items[0]!.id, limit: 100 });
    count += oldest.items.length;
  }
  expect(count).toBe(LENGTH);
  expect(oldest.items[0]).toMatchObject({ position: 1, parentId: null });
});

test('it loads downwards and around any message', async () => {
  expect(places(await page({ after: ids[0] }))).toEqual([2, 41, 40]);
  expect(places(await page({ after: ids[9_980] }))).toEqual([9_982, 10_000, 19]);
  expect(places(await page({ around: ids[4_999] }))).toEqual([4_980, 5_019, 40]);
  expect(places(await page({ around: ids[0] }))).toEqual([1, 40, 40]);
  expect(places(await page({ around: ids[9_999] }))).toEqual([9_961, 10_000, 40]);
});

test('a prompt reads back only as far as its window reaches', async () => {
  const { messages, firstPosition } = await readHistory(database.pool, userId, ids.at(-1)!, 1_000);
  expect(messages.at(-1)!.text).toBe('message 10000');
  expect(messages.length).toBeLessThan(100);
  expect(firstPosition).toBe(LENGTH - messages.length + 1);
});

import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEventBus } from '../../events/event-bus.ts';
import { type Cache, openCache } from '../../ports/cache/index.ts';
import { systemClock } from '../../ports/clock/clock.ts';
import { openDatabase, type Database } from '../../ports/database/database.ts';
import { insertUser } from '../../testing/factories/insert-user.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createConversationsModule, type ConversationsModule } from './index.ts';

const undo = new AsyncDisposableStack();
let database: Database;
let cache: Cache;
let conversations: ConversationsModule;

beforeAll(async () => {
  database = await openDatabase({ url: await createMigratedDatabase(undo) });
  undo.defer(() => database.close());
  cache = openCache({ redis: null, log: pino({ level: 'silent' }) });
  conversations = createConversationsModule({
    database,
    cache,
    clock: systemClock,
    events: createEventBus(() => undefined),
    broadcaster: { emit: () => undefined, emitLocal: () => undefined, disconnect: async () => undefined },
  });
});
afterAll(() => undo.disposeAsync());

const draft = { model: null, systemPrompt: '', parameters: {} };
const titles = async (userId: string, query = { limit: 50, archived: false }) =>
  (await conversations.service.list(userId, query)).items.map(({ title }) => title);
const misses = () => cache.statistics()[0]!.misses;

test('the first page is found out once, and again after each change of the person, and of nobody else', async () => {
  const [ada, bob] = [await insertUser(database.pool), await insertUser(database.pool)];
  const { service } = conversations;
  const { id } = await service.create(ada, { ...draft, title: 'One' });
  expect(await titles(ada)).toEqual(['One']);
  expect(await titles(bob)).toEqual([]);
  const before = misses();
  await service.create(bob, { ...draft, title: 'Of somebody else' });
  expect(await titles(ada)).toEqual(['One']);
  expect(misses()).toBe(before);

  await service.change(ada, id, { title: 'Two' });
  expect(await titles(ada)).toEqual(['Two']);
  await service.change(ada, id, { archived: true });
  expect(await titles(ada)).toEqual([]);
  expect(await titles(ada, { limit: 50, archived: true })).toEqual(['Two']);
  await service.delete(ada, id);
  expect(await titles(ada, { limit: 50, archived: true })).toEqual([]);
  await service.restore(ada, id);
  expect(await titles(ada, { limit: 50, archived: true })).toEqual(['Two']);
  await service.retitle(ada, id, 'Nothing like it', 'Three');
  await database.pool.query(`update conversation set title = 'Four' where id = $1`, [id]);
  service.touched(ada);
  expect(await titles(ada, { limit: 50, archived: true })).toEqual(['Four']);
});

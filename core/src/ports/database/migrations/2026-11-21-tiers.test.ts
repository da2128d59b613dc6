import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/services/index.ts';
import { type Database, openDatabase } from '../database.ts';

let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await createTestDatabase();
  database = await openDatabase({ url: place.url });
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

const migrator = () => database.orm.migrator;
async function openTurnsAfter(settings: Record<string, unknown>): Promise<unknown[]> {
  await migrator().up({ to: '2026-11-21-audit' });
  await database.pool.query(
    `insert into settings (key, value) select key, value from jsonb_each($1::jsonb)
     on conflict (key) do update set value = excluded.value`,
    [JSON.stringify(settings)],
  );
  await migrator().up({ to: '2026-11-21-tiers' });
  const { rows } = await database.pool.query(
    `select open_turns_per_user as "perUser", open_turns_per_conversation as "perConversation" from tier order by position`,
  );
  return rows;
}

test('what was set for open turns before holds in the tiers, and stands again when it is taken back', async () => {
  const asSet = { perUser: 40, perConversation: 7 };
  expect(await openTurnsAfter({ openTurnsPerUser: 40, openTurnsPerConversation: 7 })).toEqual([asSet, asSet, asSet]);
  const settings = `select key, value from settings where key like 'openTurns%' order by key`;
  expect((await database.pool.query(settings)).rows).toEqual([]);
  await migrator().down({ to: '2026-11-21-audit' });
  expect((await database.pool.query(settings)).rows).toEqual([
    { key: 'openTurnsPerConversation', value: 7 },
    { key: 'openTurnsPerUser', value: 40 },
  ]);
  const fallback = { perUser: 100, perConversation: 5 };
  expect(await openTurnsAfter({ openTurnsPerUser: 1_000_000, openTurnsPerConversation: 'many' })).toEqual([
    fallback,
    fallback,
    fallback,
  ]);
});

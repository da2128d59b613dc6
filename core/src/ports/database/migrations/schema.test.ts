import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../testing/services/index.ts';
import { openDatabase, type Database } from '../database.ts';

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

test('the migrations make exactly the tables the entities describe, and can be taken back', async () => {
  await database.orm.migrator.up();
  expect(await database.orm.schema.getUpdateSchemaSQL()).toBe('');
  // The snapshot beside the migrations, from which the next one is made, says the same.
  expect(await database.orm.migrator.checkSchema()).toBe(false);
  await database.orm.migrator.down({ to: 0 });
  const { rows } = await database.pool.query(
    `select tablename from pg_tables where schemaname = 'public' and tablename not like 'mikro_orm%'`,
  );
  expect(rows).toEqual([]);
});

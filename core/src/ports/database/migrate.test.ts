import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/services/index.ts';
import { type Database, openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';

let place: TestDatabase;
let instances: Database[];
beforeAll(async () => {
  place = await createTestDatabase();
  instances = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url: place.url, poolSize: 2 })));
});
afterAll(async () => {
  await Promise.all(instances.map((instance) => instance.close()));
  await place.drop();
});

test('of instances that start together one brings the schema up to date and the others wait for it', async () => {
  const applied = await Promise.all(instances.map((instance) => migrate(instance, place.url)));
  expect(applied.filter((names) => names.length > 0)).toEqual([migrations.map(({ name }) => name)]);
  const { rows } = await instances[0]!.pool.query('select name from mikro_orm_migrations order by id');
  expect(rows).toEqual(migrations.map(({ name }) => ({ name })));
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/services/index.ts';
import { openDatabase } from './database.ts';

let place: TestDatabase;
beforeAll(async () => {
  place = await createTestDatabase();
});
afterAll(() => place.drop());

const killOthers = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

test('a connection that is lost while nobody uses it is told without its insides, and another one takes its place', async () => {
  const errors: Error[] = [];
  const database = await openDatabase({ url: place.url, onIdleError: (error) => errors.push(error) });
  const other = await openDatabase({ url: place.url });
  await database.pool.query('select 1');
  await other.pool.query(killOthers);
  await expect.poll(() => errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ code: '57P01' });
  expect(errors[0]).not.toHaveProperty('client');
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await database.close();
  await other.close();
});

test('nothing is told of connections that are lost while it closes', async () => {
  const errors: Error[] = [];
  const database = await openDatabase({ url: place.url, onIdleError: (error) => errors.push(error) });
  await database.pool.query('select 1');
  const closed = database.close();
  database.pool.emit('error', new Error('the server goes as well'), undefined);
  await closed;
  expect(errors).toEqual([]);
});

import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/services/index.ts';
import { openDatabase, type Database } from './database.ts';
import { inTransaction } from './transaction.ts';

let place: TestDatabase;
let database: Database;
let pool: Pool;
beforeAll(async () => {
  place = await createTestDatabase();
  database = await openDatabase({ url: place.url, poolSize: 2 });
  ({ pool } = database);
  await pool.query('create table note (text text not null)');
});
beforeEach(() => pool.query('truncate note'));
afterAll(async () => {
  await database.close();
  await place.drop();
});
const notes = async () => (await pool.query<{ text: string }>('select text from note')).rows.map(({ text }) => text);

test('all of it stands when the work is done, with what opened it, and none when it throws', async () => {
  const answer = await inTransaction(
    pool,
    async (client) => (await client.query<{ text: string }>(`insert into note values ('work') returning text`)).rows,
    [`insert into note values ('first')`, `insert into note values ('second')`],
  );
  expect(answer).toEqual([{ text: 'work' }]);
  const failing = inTransaction(pool, async (client) => {
    await client.query(`insert into note values ('lost')`);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await notes()).toEqual(['first', 'second', 'work']);
});

test('a connection that was lost inside is not used again, and its loss ends nothing else', async () => {
  const lost = inTransaction(pool, async (client) => {
    await client.query(`insert into note values ('lost')`);
    await client.query('select pg_terminate_backend(pg_backend_pid())');
  });
  await expect(lost).rejects.toThrow();
  expect(await notes()).toEqual([]);
  expect(await inTransaction(pool, async (client) => (await client.query('select 1 as one')).rows)).toEqual([
    { one: 1 },
  ]);
});

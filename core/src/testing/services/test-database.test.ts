import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase, testRedisUrl } from './test-database.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('each test file gets a database of its own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(one.url, 'create table note (text text)');
  expect(await query(other.url, `select to_regclass('note') as found`)).toEqual([{ found: null }]);
  await Promise.all([one.drop(), other.drop()]);
});

test('a template is filled once, also when several files ask for it together', async () => {
  let fills = 0;
  const template = {
    key: 'notes, first version',
    fill: async (url: string) => {
      fills++;
      await query(url, `create table note as select 'hello' as text`);
    },
  };
  const databases = await Promise.all([1, 2, 3].map(() => createTestDatabase(template)));
  for (const { url } of databases) expect(await query(url, 'select text from note')).toEqual([{ text: 'hello' }]);
  expect(fills).toBe(1);
  await Promise.all(databases.map(({ drop }) => drop()));
});

test('letters beyond ASCII have a lower case, and text is ordered by code point', async () => {
  const database = await createTestDatabase();
  expect(await query(database.url, `select lower('ÄÉЖ') as lower, 'b' < 'ä' as ordered`)).toEqual([
    { lower: 'äéж', ordered: true },
  ]);
  await database.drop();
});

test('the Redis of the run answers', async () => {
  const redis = new Redis(testRedisUrl());
  expect(await redis.ping()).toBe('PONG');
  redis.disconnect();
});

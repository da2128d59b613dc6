import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/services/index.ts';
import { type Database, openDatabase } from './database.ts';
import { isDatabaseUnavailable } from './database-errors.ts';

const undo = new AsyncDisposableStack();
let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await createTestDatabase();
  undo.defer(() => place.drop());
  database = await openDatabase({ url: place.url, poolSize: 2 });
  undo.defer(() => database.close());
});
afterAll(() => undo.disposeAsync());

test('a connection that is lost between two statements of one transaction is the database being away', async () => {
  const client = await database.pool.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  await database.pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
  await ended;
  const failure: unknown = await client.query('select 1').catch((error: unknown) => error);
  client.release(true);
  expect(isDatabaseUnavailable(failure), String(failure)).toBe(true);
});

test('a database that takes no connections for now is away', async () => {
  const name = new URL(place.url).pathname.slice(1);
  const admin = new Client({ connectionString: new URL('/postgres', place.url).href });
  await admin.connect();
  try {
    await admin.query(`alter database ${name} with allow_connections false`);
    const refused: unknown = await new Client({ connectionString: place.url })
      .connect()
      .catch((error: unknown) => error);
    expect(isDatabaseUnavailable(refused), String(refused)).toBe(true);
  } finally {
    await admin.query(`alter database ${name} with allow_connections true`);
    await admin.end();
  }
});

test('a statement that is wrong, and a refusal of another service, are not', async () => {
  const wrong: unknown = await database.pool.query('select nothing').catch((error: unknown) => error);
  expect(isDatabaseUnavailable(wrong)).toBe(false);
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  expect(isDatabaseUnavailable(refused)).toBe(false);
});

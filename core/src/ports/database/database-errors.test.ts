import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../testing/services/index.ts';
import { type Database, openDatabase } from './database.ts';
import { isDatabaseUnavailable } from './database-errors.ts';

const undo = new AsyncDisposableStack();
let database: Database;
beforeAll(async () => {
  const place = await createTestDatabase();
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

test('a statement that is wrong, and a refusal of another service, are not', async () => {
  const wrong: unknown = await database.pool.query('select nothing').catch((error: unknown) => error);
  expect(isDatabaseUnavailable(wrong)).toBe(false);
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  expect(isDatabaseUnavailable(refused)).toBe(false);
});

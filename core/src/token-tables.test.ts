import { expect, test } from 'vitest';
import { loadTokenCounter } from './modules/prompting/index.ts';
import { createTestApp } from './testing/create-test-app.ts';
import { createMigratedDatabase } from './testing/migrated-database.ts';

/** Promises that are kept already come before anything else; loading takes longer than one turn of the event loop. */
const isLoaded = () =>
  Promise.race([
    loadTokenCounter().then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ]);

test('the tables for counting are there when an instance with prices by tokens begins to serve', async () => {
  await using undo = new AsyncDisposableStack();
  const databaseUrl = await createMigratedDatabase(undo);
  const first = await createTestApp({ databaseUrl, withoutPlugins: true });
  undo.defer(() => first.stop());
  const admin = await first.users.createAdmin();
  await first.http(admin)('POST /api/admin/prices', { body: { model: '*', per1kOutput: 1_000 } });

  const second = await createTestApp({ databaseUrl, withoutPlugins: true });
  undo.defer(() => second.stop());
  expect(await isLoaded()).toBe(true);
});

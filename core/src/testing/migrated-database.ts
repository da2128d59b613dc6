import { migrations } from '../ports/database/migrations/index.ts';
import { openDatabase } from '../ports/database/database.ts';
import { migrate } from '../ports/database/migrate.ts';
import { createTestDatabase } from './services/index.ts';

/** An empty database with today's schema, copied from a template that is made once for a run. */
export async function createMigratedDatabase(undo: AsyncDisposableStack): Promise<string> {
  const place = await createTestDatabase({
    // What a migration does, not only its name: while one is being written its text changes.
    key: migrations.map((migration) => `${migration.name} ${migration.class.toString()}`).join('\n'),
    async fill(url) {
      const database = await openDatabase({ url });
      try {
        await migrate(database, url);
      } finally {
        await database.close();
      }
    },
  });
  undo.defer(() => place.drop());
  return place.url;
}

import type { Config } from '../config/config.ts';
import { openDatabase } from '../ports/database/database.ts';
import { migrate } from '../ports/database/migrate.ts';
import { reachDatabase } from './reach-database.ts';

export async function dbMigrate(config: Config): Promise<void> {
  await using undo = new AsyncDisposableStack();
  const reached = await reachDatabase(config, (line) => process.stderr.write(`${line}\n`));
  undo.defer(() => reached.release());
  const database = await openDatabase({ url: reached.url });
  undo.defer(() => database.close());
  const applied = await migrate(database, reached.url);
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.join(', ')}\n`);
}

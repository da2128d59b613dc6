import { Client } from 'pg';
import type { Database } from './database.ts';

/** Any number: instances that start together take the same one. */
const MIGRATION_LOCK = 5_150_911;

/** Brings the schema up to date, one instance at a time. Returns the names of what was applied. */
export async function migrate(database: Database, url: string): Promise<string[]> {
  // A connection of its own: the lock is the session's, and the pool's connections are handed around.
  const client = new Client({ connectionString: url, application_name: 'parley-migrations' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const pending = await database.orm.migrator.getPending();
    if (pending.length === 0) return [];
    const applied = await database.orm.migrator.up();
    return applied.map((migration) => migration.name);
  } finally {
    await client.end();
  }
}

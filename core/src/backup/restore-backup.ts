import { pipeline } from 'node:stream/promises';
import { Client, escapeIdentifier as quote } from 'pg';
import { forgetSecrets } from '../modules/providers/index.ts';
import { openDatabase } from '../ports/database/database.ts';
import { migrate } from '../ports/database/migrate.ts';
import { migrations } from '../ports/database/migrations/index.ts';
import type { Head, Manifest } from './archive-format.ts';
import { BackupError } from './backup-error.ts';
import { Digest } from './digest.ts';
import { emptyDatabase, requireFree } from './empty-database.ts';
import { readArchive } from './read-archive.ts';
import { setAside } from './set-aside.ts';
import { fillTable, listTables, readTable, speakPlainly } from './tables.ts';
import type { FileStore } from './write-backup.ts';

export interface RestoreOptions {
  url: string;
  /** The archive from its start; it is read twice. */
  open(): Promise<AsyncIterable<Uint8Array>>;
  stores: readonly FileStore[];
  keyFingerprint: string | null;
  force: boolean;
  withoutSecrets: boolean;
  say(line: string): void;
}

/** Nothing is touched before the archive was read to its end and found whole. */
export async function restoreBackup(options: RestoreOptions): Promise<void> {
  const { url, say } = options;
  say('Checking the archive …');
  const { head, manifest } = await readArchive(await options.open(), {
    onHead: async (found) => requireRestorable(found, options),
    onTable: async (_, body) => drain(body),
    onFile: async (_, body) => drain(body),
  });

  const client = new Client({ connectionString: url, application_name: 'parley-restore' });
  await client.connect();
  try {
    await requireFree(client, options);
    await emptyDatabase(client);
    await migrateTo(url, head);
    await load(client, manifest, options);
  } finally {
    await client.end();
  }
  await migrateTo(url);
}

function requireRestorable(head: Head, options: RestoreOptions): void {
  const known = migrations.map(({ name }) => name);
  const unknown = head.migrations.find((name, index) => known[index] !== name);
  if (unknown !== undefined) {
    throw new BackupError(
      `The archive was made by Parley ${head.parley}, which is newer than this one (it has ${unknown}). Update this installation first.`,
    );
  }
  const opens = head.keyFingerprint === null || head.keyFingerprint === options.keyFingerprint;
  if (opens || options.withoutSecrets) return;
  throw new BackupError(
    'The secrets in the archive (keys of providers) were sealed with another encryption key. ' +
      'Set the PARLEY_SECRET, or put back the file secret.key, of the installation it was made from. ' +
      'With --without-secrets everything else is restored, and the keys of providers have to be entered again.',
  );
}

/** Exactly to where the rows of the archive were, or to where this version is. */
async function migrateTo(url: string, head?: Head): Promise<void> {
  const database = await openDatabase({ url });
  try {
    if (head === undefined) await migrate(database, url);
    else if (head.migrations.length > 0) await database.orm.migrator.up({ to: head.migrations.at(-1)! });
  } finally {
    await database.close();
  }
}

/** All of the rows or none of them. */
async function load(client: Client, manifest: Manifest, options: RestoreOptions): Promise<void> {
  await client.query('begin');
  await speakPlainly(client);
  const putBack = await setAside(client);
  const tables = await listTables(client);
  // Migrations put first rows into some; those in the archive are what has become of them.
  await client.query(`truncate table ${tables.map(({ name }) => quote(name)).join(', ')}`);
  const { head } = await readArchive(await options.open(), {
    onHead: async (found) => requireSameShape(found, tables),
    onTable: (table, body) => pipeline(body, fillTable(client, table)),
    async onFile({ store, key }, body) {
      const target = options.stores.find(({ name }) => name === store);
      if (target === undefined) throw new BackupError(`The archive has files of an unknown kind: ${store}.`);
      await target.storage.put(key, body);
    },
  });
  for (const [name, { lastValue, isCalled }] of Object.entries(manifest.sequences)) {
    await client.query('select setval($1::regclass, $2::bigint, $3)', [quote(name), lastValue, isCalled]);
  }
  await putBack();
  for (const table of tables) {
    const digest = new Digest();
    for await (const piece of readTable(client, table)) digest.add(piece);
    const [is, should] = [digest.end(), manifest.tables[table.name]!];
    if (is.sha256 !== should.sha256) {
      throw new BackupError(`${table.name} has ${is.rows} rows that differ from the ${should.rows} of the archive.`);
    }
    options.say(`${table.name}: ${is.rows} rows`);
  }
  if (options.withoutSecrets && head.keyFingerprint !== options.keyFingerprint) await forgetSecrets(client);
  await client.query('commit');
  if (manifest.files.count > 0) options.say(`${manifest.files.count} files`);
}

function requireSameShape(head: Head, tables: Head['tables']): void {
  const shape = (all: Head['tables']) => all.map(({ name, columns }) => `${name}(${columns.toSorted().join()})`).join();
  if (shape(head.tables) === shape(tables)) return;
  throw new BackupError(
    'The tables in the archive are not those its migrations make: its database was changed by hand.',
  );
}

async function drain(body: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of body);
}

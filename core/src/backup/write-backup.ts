import type { Client } from 'pg';
import { escapeIdentifier as quote } from 'pg';
import type { ObjectStorage } from '../ports/object-storage/index.ts';
import {
  FILE_PLACE,
  fileFolder,
  FORMAT,
  HEAD,
  type Head,
  MANIFEST,
  type Manifest,
  partName,
  tableFolder,
} from './archive-format.ts';
import { BackupError } from './backup-error.ts';
import { Digest, FilesDigest } from './digest.ts';
import { listMigrations, listSequences, listTables, readTable, speakPlainly, type Table } from './tables.ts';
import type { TarEntry } from './tar/tar.ts';
import { writeTar } from './tar/tar.ts';

/** Files that belong to an installation beside its database. */
export interface FileStore {
  name: string;
  storage: ObjectStorage;
  isKept(key: string): boolean;
}

export interface BackupOptions {
  /** A connection of its own. */
  client: Client;
  stores: readonly FileStore[];
  keyFingerprint: string | null;
  version: string;
  now: Date;
  say(line: string): void;
}

const PART_BYTES = 4 * 1024 * 1024;

/** The whole installation as of one moment, as a tar; whoever uses it meanwhile is not held up. */
export async function* writeBackup(options: BackupOptions): AsyncGenerator<Buffer> {
  yield* writeTar(entries(options), options.now);
}

async function* entries({ client, stores, ...options }: BackupOptions): AsyncGenerator<TarEntry> {
  const tables = await beginSnapshot(client);
  const migrations = (await listMigrations(client)) ?? [];
  const head: Head = {
    format: FORMAT,
    parley: options.version,
    createdAt: options.now.toISOString(),
    migrations,
    keyFingerprint: options.keyFingerprint,
    tables: tables.map(({ name, columns }) => ({ name, columns })),
  };
  yield json(HEAD, head);

  const manifest: Manifest = { tables: {}, sequences: {}, files: { count: 0, bytes: 0, sha256: '' } };
  for (const table of tables) {
    const digest = new Digest();
    yield* inParts(tableFolder(table.name), readTable(client, table), digest);
    manifest.tables[table.name] = digest.end();
    options.say(`${table.name}: ${manifest.tables[table.name]!.rows} rows`);
  }
  // Numbers are handed out beyond the snapshot too. Read after the rows, none of these is behind one that was used.
  for (const name of await listSequences(client)) {
    const { rows } = await client.query<{ last_value: string; is_called: boolean }>(
      `select last_value, is_called from ${quote(name)}`,
    );
    manifest.sequences[name] = { lastValue: rows[0]!.last_value, isCalled: rows[0]!.is_called };
  }
  await client.query('commit');

  const files = new FilesDigest();
  let index = 0;
  for (const { name: store, storage, isKept } of stores) {
    for await (const { key } of storage.list()) {
      const body = isKept(key) ? await storage.get(key) : null;
      // Deleted since it was listed.
      if (body === null) continue;
      const folder = fileFolder((index += 1));
      const digest = new Digest();
      yield json(folder + FILE_PLACE, { store, key });
      yield* inParts(folder, body, digest);
      files.add(store, key, digest.end());
    }
  }
  manifest.files = files.end();
  if (manifest.files.count > 0) options.say(`${manifest.files.count} files`);
  yield json(MANIFEST, manifest);
}

/** One view of everything. The tables cannot change their shape while it lasts: a migration waits for its end. */
async function beginSnapshot(client: Client): Promise<Table[]> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const names = (await listTables(client)).map(({ name }) => name);
    if (names.length === 0) throw new BackupError('This database is empty: there is nothing to back up.');
    // The locks come first: the view is taken by the first statement that reads.
    await client.query('begin isolation level repeatable read read only');
    await client.query(`lock table ${names.map(quote).join(', ')} in access share mode`);
    await speakPlainly(client);
    const tables = await listTables(client);
    if (tables.map(({ name }) => name).join() === names.join()) return tables;
    await client.query('rollback');
  }
  throw new BackupError('The database is being migrated. Try again when that is done.');
}

async function* inParts(folder: string, pieces: AsyncIterable<Buffer>, digest: Digest): AsyncGenerator<TarEntry> {
  let gathered: Buffer[] = [];
  let length = 0;
  let index = 0;
  const flush = (): TarEntry => {
    const body = Buffer.concat(gathered);
    gathered = [];
    length = 0;
    return { name: partName(folder, (index += 1)), body };
  };
  for await (const piece of pieces) {
    digest.add(piece);
    gathered.push(piece);
    length += piece.length;
    if (length >= PART_BYTES) yield flush();
  }
  if (length > 0) yield flush();
}

function json(name: string, value: unknown): TarEntry {
  return { name, body: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`) };
}

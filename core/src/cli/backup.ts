import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { Client } from 'pg';
import { BackupError, keyFingerprint, writeBackup } from '../backup/index.ts';
import type { Config } from '../config/config.ts';
import { findSecretKey } from '../config/secret-key.ts';
import { errorCode } from '../lib/error-code.ts';
import { openObjectStorage } from '../ports/object-storage/index.ts';
import { version } from '../version.ts';
import { BACKUPS, fileStores } from './file-stores.ts';
import { reachDatabase } from './reach-database.ts';

/** Writes one archive of everything and prints where it is; Parley may run meanwhile. */
export async function backup(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { to: { type: 'string' } } });
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await using undo = new AsyncDisposableStack();
  const reached = await reachDatabase(config, say);
  undo.defer(() => reached.release());
  const client = new Client({ connectionString: reached.url, application_name: 'parley-backup' });
  await client.connect();
  undo.defer(() => client.end());

  const now = new Date();
  const name = `parley-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}.tar.gz`;
  const fingerprint = keyFingerprint(await findSecretKey(config));
  const storage = openObjectStorage(config);
  const stores = fileStores(config, storage);
  // One part ahead at most: they are large.
  const tar = Readable.from(writeBackup({ client, stores, keyFingerprint: fingerprint, version, now, say }), {
    highWaterMark: 1,
  });
  const archive = createGzip();
  const packing = pipeline(tar, archive);
  if (values.to === 'storage') {
    await Promise.all([packing, storage.put(BACKUPS + name, archive)]);
    process.stdout.write(`storage:${name}\n`);
  } else {
    const file = await place(values.to ?? '.', name);
    await Promise.all([packing, keep(archive, file)]);
    process.stdout.write(`${file}\n`);
  }
}

/** A folder, or the name of a file that is not there yet. */
async function place(to: string, name: string): Promise<string> {
  const path = resolve(to);
  const found = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return path;
  if (found.isDirectory()) return join(path, name);
  throw new BackupError(`${path} is there already. Name another file, or a folder.`);
}

/** Under its name only when it is whole, and for its owner alone: it holds every conversation. */
async function keep(archive: NodeJS.ReadableStream, file: string): Promise<void> {
  const draft = `${file}.draft`;
  try {
    await pipeline(archive, createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

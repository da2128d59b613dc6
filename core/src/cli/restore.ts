import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupError, keyFingerprint, restoreBackup } from '../backup/index.ts';
import type { Config } from '../config/config.ts';
import { findSecretKey } from '../config/secret-key.ts';
import { errorCode } from '../lib/error-code.ts';
import { type ObjectStorage, openObjectStorage } from '../ports/object-storage/index.ts';
import { BACKUPS, fileStores } from './file-stores.ts';
import { reachDatabase } from './reach-database.ts';
import { UsageError } from './usage.ts';

/** Puts an archive into an empty database. */
export async function restore(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { from: { type: 'string' }, force: { type: 'boolean' }, 'without-secrets': { type: 'boolean' } },
  });
  const { from } = values;
  if (from === undefined) throw new UsageError('Say where the archive is: --from FILE, or --from storage:NAME');
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await using undo = new AsyncDisposableStack();
  const reached = await reachDatabase(config, say);
  undo.defer(() => reached.release());

  const storage = openObjectStorage(config);
  await restoreBackup({
    url: reached.url,
    open: () => (from.startsWith('storage:') ? stored(storage, from.slice('storage:'.length)) : file(from)),
    stores: fileStores(config, storage),
    keyFingerprint: keyFingerprint(await findSecretKey(config)),
    force: values.force === true,
    withoutSecrets: values['without-secrets'] === true,
    say,
  });
  process.stdout.write('Restored: every table has the rows of the archive.\n');
}

async function stored(storage: ObjectStorage, name: string): Promise<AsyncIterable<Uint8Array>> {
  const body = await storage.get(BACKUPS + name);
  if (body !== null) return body;
  const names: string[] = [];
  for await (const { key } of storage.list(BACKUPS)) names.push(key.slice(BACKUPS.length));
  const there = names.length === 0 ? 'There is none.' : `There are: ${names.toSorted().join(', ')}`;
  throw new BackupError(`The storage has no backup ${name}. ${there}`);
}

async function file(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    return (await open(resolve(path))).createReadStream();
  } catch (error) {
    throw new BackupError(`${resolve(path)} cannot be read (${errorCode(error) ?? String(error)}).`, { cause: error });
  }
}

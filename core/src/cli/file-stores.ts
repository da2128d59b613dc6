import { join } from 'node:path';
import type { FileStore } from '../backup/index.ts';
import type { Config } from '../config/config.ts';
import { createFileStorage, type ObjectStorage, openObjectStorage } from '../ports/object-storage/index.ts';

/** Where backups are kept in the object storage; a backup does not contain the ones before it. */
export const BACKUPS = 'backups/';

/** What belongs to this installation beside its database. */
export function fileStores(config: Config, objects: ObjectStorage = openObjectStorage(config)): FileStore[] {
  return [
    // A bucket is another service, with copies of its own.
    { name: 'objects', storage: objects, isKept: (key) => config.s3 === null && !key.startsWith(BACKUPS) },
    { name: 'plugins', storage: createFileStorage(join(config.dataDir, 'plugins')), isKept: () => true },
  ];
}

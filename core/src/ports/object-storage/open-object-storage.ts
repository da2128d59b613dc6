import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { createFileStorage } from './file-storage.ts';
import type { ObjectStorage } from './object-storage.ts';
import { createS3Storage } from './s3-storage.ts';

/** The bucket that is configured, else the folder `objects` among the data. */
export function openObjectStorage({ s3, dataDir }: Pick<Config, 's3' | 'dataDir'>): ObjectStorage {
  return s3 === null ? createFileStorage(join(dataDir, 'objects')) : createS3Storage(s3);
}

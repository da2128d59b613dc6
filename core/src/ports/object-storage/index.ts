export { createFileStorage } from './file-storage.ts';
export type { ObjectStorage, StoredObject } from './object-storage.ts';
export { openObjectStorage } from './open-object-storage.ts';

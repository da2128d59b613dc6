import type { Readable } from 'node:stream';

/** Things too large for the database, by key. Bodies are streams both ways: nothing is ever held as a whole. */
export interface ObjectStorage {
  /** Replaces what is there. An object is there whole or, when `body` fails on the way, as it was before. */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  /** Null when there is no such object. */
  get(key: string): Promise<Readable | null>;
  /** In no order that could be relied on: stores differ. */
  list(prefix?: string): AsyncIterable<StoredObject>;
  /** Does nothing when there is no such object. */
  delete(key: string): Promise<void>;
}

export interface StoredObject {
  key: string;
  bytes: number;
}

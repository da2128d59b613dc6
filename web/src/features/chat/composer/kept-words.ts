import { del, get, set } from 'idb-keyval';

/** Where words stay until they are sent. */
export interface WordStorage {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown): Promise<void>;
  del(key: string): Promise<void>;
}

/** IndexedDB may be missing or forbidden (private windows); then words live as long as the page. */
async function orNothing<T>(asked: () => Promise<T>): Promise<T | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  try {
    return await asked();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

export const keptWords: WordStorage = {
  get: (key) => orNothing(() => get(key)),
  set: (key, value) => orNothing(() => set(key, value)),
  del: (key) => orNothing(() => del(key)),
};

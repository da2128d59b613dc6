export class ObjectKeyError extends Error {
  readonly code = 'object-storage.key';
  constructor(key: string) {
    super(`"${key.slice(0, 200)}" cannot be the name of a stored object.`);
    this.name = 'ObjectKeyError';
  }
}

/** Safe as a path on every file system and in every URL: nothing to escape, no way up, no hidden file. */
const KEY = /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;
const MAX_CHARS = 500;

export function requireKey(key: string): void {
  if (key.length > MAX_CHARS || !KEY.test(key)) throw new ObjectKeyError(key);
}

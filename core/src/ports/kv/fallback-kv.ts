import type { Kv } from './kv.ts';

/**
 * Uses `first` while it works and `second` for each call it fails. Values are not carried over in either direction:
 * whoever uses this port can live with a lost value.
 */
export function createFallbackKv(options: {
  first: Kv;
  second: Kv;
  isUsable(): boolean;
  onFailure(error: unknown): void;
}): Kv {
  const { first, second, isUsable, onFailure } = options;

  async function either<T>(call: (kv: Kv) => Promise<T>): Promise<T> {
    if (!isUsable()) return call(second);
    try {
      return await call(first);
    } catch (error) {
      onFailure(error);
      return call(second);
    }
  }

  return {
    get: (key) => either((kv) => kv.get(key)),
    set: (key, value, ttlMs) => either((kv) => kv.set(key, value, ttlMs)),
    setIfAbsent: (key, value, ttlMs) => either((kv) => kv.setIfAbsent(key, value, ttlMs)),
    increment: (key, ttlMs) => either((kv) => kv.increment(key, ttlMs)),
    delete: (key) => either((kv) => kv.delete(key)),
  };
}

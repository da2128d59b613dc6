import { HostCallError, type CapabilityHandler } from '../sandbox/index.ts';

/** The `storage` capability over a Map, with the answers of the real one. */
export function memoryStorage(values: Map<string, unknown> = new Map()): CapabilityHandler {
  return async ({ name, args }) => {
    const { key, value, prefix } = (args ?? {}) as Record<string, unknown>;
    if (name === 'storage.list')
      return [...values.keys()]
        .filter((known) => known.startsWith(typeof prefix === 'string' ? prefix : ''))
        .toSorted();
    if (typeof key !== 'string' || key === '') throw new HostCallError('host.invalid', 'a key must be a text');
    if (name === 'storage.get') return values.get(key) ?? null;
    if (name === 'storage.delete') values.delete(key);
    else if (name === 'storage.set') values.set(key, value);
    else throw new HostCallError('host.invalid', 'no such storage call');
    return null;
  };
}

import { DOMException } from './dom-exception.ts';
import { isBytes, viewBytes } from './latin1.ts';

/** The standard's algorithm for what a plugin holds: plain data, dates, maps, sets, errors and bytes, cycles included. */
export function structuredClone(value: unknown): unknown {
  const seen = new Map<object, unknown>();

  const clone = (source: unknown): unknown => {
    if (typeof source === 'function' || typeof source === 'symbol')
      throw new DOMException('the value could not be cloned', 'DataCloneError');
    if (typeof source !== 'object' || source === null) return source;
    if (seen.has(source)) return seen.get(source);
    const keep = <T>(copy: T): T => {
      seen.set(source, copy);
      return copy;
    };
    if (source instanceof Date) return keep(new Date(source.getTime()));
    if (source instanceof RegExp) return keep(new RegExp(source.source, source.flags));
    if (source instanceof Map) {
      const copy = keep(new Map<unknown, unknown>());
      for (const [key, item] of source) copy.set(clone(key), clone(item));
      return copy;
    }
    if (source instanceof Set) {
      const copy = keep(new Set<unknown>());
      for (const item of source) copy.add(clone(item));
      return copy;
    }
    if (source instanceof Error) {
      const copy = keep(new Error(source.message));
      copy.name = source.name;
      return copy;
    }
    if (ArrayBuffer.isView(source)) {
      const copy = viewBytes(source).slice().buffer;
      if (source instanceof DataView) return keep(new DataView(copy));
      return keep(new (source.constructor as new (buffer: ArrayBuffer) => unknown)(copy));
    }
    if (isBytes(source)) return keep(viewBytes(source).slice().buffer);
    if (source instanceof WeakMap || source instanceof WeakSet || source instanceof Promise) {
      throw new DOMException('the value could not be cloned', 'DataCloneError');
    }
    const copy = keep((Array.isArray(source) ? [] : {}) as Record<string, unknown>);
    // Holes stay holes.
    if (Array.isArray(source)) (copy as unknown as unknown[]).length = source.length;
    for (const key of Object.keys(source)) {
      const item = clone((source as Record<string, unknown>)[key]);
      Object.defineProperty(copy, key, { value: item, writable: true, enumerable: true, configurable: true });
    }
    return copy;
  };
  return clone(value);
}

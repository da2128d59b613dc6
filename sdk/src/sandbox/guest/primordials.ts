/**
 * The language's own functions as they were before plugin code ran. What leaves the isolate is built with these alone, so that a
 * plugin that rewrites built-ins harms its own calls and cannot get hold of the host function.
 */
export const { parse: jsonParse, stringify: jsonStringify } = JSON;
export const { freeze, defineProperty, getPrototypeOf, create: createObject, hasOwn } = Object;
export const { apply } = Reflect;
export const { isArray } = Array;
export const NativePromise = Promise;
export const NativeError = Error;
export const NativeTypeError = TypeError;
export const NativeRangeError = RangeError;
export const asyncIteratorKey: typeof Symbol.asyncIterator = Symbol.asyncIterator;
export const iteratorKey: typeof Symbol.iterator = Symbol.iterator;

const nativeJoin = Array.prototype.join;
const nativeSlice = String.prototype.slice;
const nativeThen = Promise.prototype.then;

export function join(parts: string[], separator: string): string {
  return apply(nativeJoin, parts, [separator]);
}
export function slice(text: string, from: number, to: number): string {
  return apply(nativeSlice, text, [from, to]);
}
export function cut(text: string, maxChars: number): string {
  return text.length > maxChars ? apply(nativeSlice, text, [0, maxChars]) : text;
}
export function then(
  promise: Promise<unknown>,
  done: (value: unknown) => void,
  failed: (reason: unknown) => void,
): void {
  void apply(nativeThen, promise, [done, failed]);
}

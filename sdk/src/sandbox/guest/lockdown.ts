/** Runs first: takes away what the limits cannot measure (memory outside the heap, blocking waits) or what tells of the collector. */
const removed = ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef', 'console'];

export function lockDown(): void {
  const scope = globalThis as unknown as Record<string, unknown>;
  for (const name of removed) delete scope[name];
  // Resizable buffers reserve their maximum outside the heap: a small isolate could claim gigabytes.
  const NativeArrayBuffer = ArrayBuffer;
  const prototype = NativeArrayBuffer.prototype as unknown as Record<string, unknown>;
  delete prototype['resize'];
  const Restricted: typeof ArrayBuffer = new Proxy(NativeArrayBuffer, {
    construct(target, args: [number?], newTarget): ArrayBuffer {
      return Reflect.construct(target, [args[0] ?? 0], newTarget === Restricted ? target : newTarget) as ArrayBuffer;
    },
  });
  Object.defineProperty(scope, 'ArrayBuffer', { value: Restricted, writable: true, configurable: true });
  Object.defineProperty(NativeArrayBuffer.prototype, 'constructor', {
    value: Restricted,
    writable: true,
    configurable: true,
  });
}

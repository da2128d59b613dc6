import { AbortController, AbortSignal } from './abort.ts';
import { crypto } from './crypto.ts';
import { currentCallId } from './current-call.ts';
import { DOMException } from './dom-exception.ts';
import { atob, btoa, TextDecoder, TextEncoder } from './encoding.ts';
import { Event, EventTarget } from './events.ts';
import { fetch } from './fetch.ts';
import { Headers } from './headers.ts';
import { writeLog } from './log.ts';
import { ReadableStream } from './readable-stream.ts';
import { Response } from './response.ts';
import { structuredClone } from './structured-clone.ts';
import { queueMicrotaskSafely, startTimer, stopTimer } from './timers.ts';
import { URLSearchParams } from './url-search-params.ts';
import { URL } from './url.ts';

const console = Object.freeze({
  log: (...values: unknown[]) => writeLog(currentCallId(), 'info', values),
  info: (...values: unknown[]) => writeLog(currentCallId(), 'info', values),
  debug: (...values: unknown[]) => writeLog(currentCallId(), 'info', values),
  warn: (...values: unknown[]) => writeLog(currentCallId(), 'warn', values),
  error: (...values: unknown[]) => writeLog(currentCallId(), 'error', values),
});

const provided: Record<string, unknown> = {
  AbortController,
  AbortSignal,
  DOMException,
  Event,
  EventTarget,
  Headers,
  ReadableStream,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  atob,
  btoa,
  console,
  crypto,
  fetch,
  structuredClone,
  setTimeout: (callback: unknown, milliseconds?: unknown, ...args: unknown[]) =>
    startTimer(callback, milliseconds, false, args),
  setInterval: (callback: unknown, milliseconds?: unknown, ...args: unknown[]) =>
    startTimer(callback, milliseconds, true, args),
  clearTimeout: stopTimer,
  clearInterval: stopTimer,
  queueMicrotask: (task: unknown) => {
    if (typeof task !== 'function') throw new TypeError('expected a function');
    queueMicrotaskSafely(task as () => unknown);
  },
};

export function installGlobals(): void {
  for (const name of Object.keys(provided)) {
    Object.defineProperty(globalThis, name, {
      value: provided[name],
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}

import { cut, join, jsonStringify, NativeError } from './primordials.ts';

/**
 * Everything the plugin makes during one entry waits here as text and leaves by one `drain`, after the entry's last microtask.
 * Nothing but this file is meant to run in `drain`; but a setter on a prototype can, so it has a clock as well.
 */
let lines: string[] = [];
let size = 0;

/** Above this one entry has produced more than any reader could take: 16 MB, far from the heap limit that would end the isolate. */
const maxChars = 16_000_000;

export interface Flushable {
  flushParts(): void;
}
let dirty: Flushable[] = [];

/** `payload` must be free of line feeds: JSON is. */
export function post(letter: string, id: number, number: number, payload: string): void {
  count(payload);
  endRow();
  lines[lines.length] = `${letter}${id},${number}:${payload}`;
}

/** What many calls make in one entry, their parts or their filters' answers, is one line: `[id,payload,id,payload…]`. */
let row = '';
let rowLetter = '';

export function postInRow(letter: 'p' | 'f', id: number, payload: string): void {
  count(payload);
  if (letter !== rowLetter) endRow();
  row = rowLetter === '' ? `${letter}0,0:[${id},${payload}` : `${row},${id},${payload}`;
  rowLetter = letter;
}
function endRow(): void {
  if (rowLetter === '') return;
  lines[lines.length] = `${row}]`;
  rowLetter = '';
  row = '';
}
function count(payload: string): void {
  size += payload.length;
  if (size > maxChars) throw new NativeError('too much at once');
}

export function markDirty(call: Flushable): void {
  dirty[dirty.length] = call;
}

export function drain(): string {
  const waiting = dirty;
  dirty = [];
  for (let i = 0; i < waiting.length; i += 1) waiting[i]!.flushParts();
  endRow();
  if (lines.length === 0) return '';
  const text = lines.length === 1 ? lines[0]! : join(lines, '\n');
  lines = [];
  size = 0;
  return text;
}

/** What a plugin threw, as text; reading it may run the plugin's own getters, so this happens inside a timed entry. */
export function describe(thrown: unknown): string {
  try {
    if (typeof thrown === 'string') return cut(thrown, 1000);
    if (typeof thrown === 'object' && thrown !== null) {
      const { message, name } = thrown as { message?: unknown; name?: unknown };
      if (typeof message === 'string') {
        return cut(typeof name === 'string' && name !== 'Error' ? `${cut(name, 100)}: ${message}` : message, 1000);
      }
    }
    return typeof thrown;
  } catch {
    return 'unreadable error';
  }
}

export function quote(text: string): string {
  return jsonStringify(text);
}

import { cut, jsonStringify } from './primordials.ts';
import { post, quote } from './outbox.ts';

/** One line as text; objects as JSON. Longer ones are cut here, so that a megabyte never crosses. */
const maxLineChars = 4000;

export function writeLog(callId: number, level: 'info' | 'warn' | 'error', values: unknown[]): void {
  let text = '';
  for (let i = 0; i < values.length && text.length < maxLineChars; i += 1)
    text += (i === 0 ? '' : ' ') + asText(values[i]);
  post('L', callId, 0, `["${level}",${quote(cut(text, maxLineChars))}]`);
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    if (value instanceof Error) return String(value.stack ?? value.message);
    if (typeof value === 'object') return jsonStringify(value) ?? 'undefined';
    return String(value);
  } catch {
    return '[unreadable]';
  }
}

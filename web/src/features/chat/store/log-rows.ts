import type { Message } from '@parley/sdk/contract';
import type { Outgoing } from './outbox.svelte.ts';

export type LogRow =
  | { readonly kind: 'message'; readonly key: string; readonly message: Message }
  | { readonly kind: 'outgoing'; readonly key: string; readonly outgoing: Outgoing };

/**
 * What the log shows: the path, then what is on its way. An edit on its way hides what it will replace.
 * `keys` keeps a bubble's element when its message arrives.
 */
export function logRows(
  messages: readonly Message[],
  outgoing: readonly Outgoing[],
  keys: ReadonlyMap<string, string>,
): LogRow[] {
  let rows: LogRow[] = messages.map((message) => rowOf(message, keys.get(message.id) ?? message.id));
  const drawn = new Set(rows.map((row) => row.key));
  for (const item of outgoing) {
    if (item.landed || drawn.has(item.clientTurnId)) continue;
    if (item.parentId !== undefined) rows = rows.slice(0, placeAfter(rows, item.parentId));
    rows.push({ kind: 'outgoing', key: item.clientTurnId, outgoing: item });
  }
  return rows;
}

const made = new WeakMap<Message, LogRow>();

/** The same row for the same message: of two hundred rows only those that changed are drawn again. */
function rowOf(message: Message, key: string): LogRow {
  const known = made.get(message);
  if (known?.key === key) return known;
  const row: LogRow = { kind: 'message', key, message };
  made.set(message, row);
  return row;
}

function placeAfter(rows: readonly LogRow[], parentId: string | null): number {
  if (parentId === null) return 0;
  const parent = rows.findIndex((row) => row.kind === 'message' && row.message.id === parentId);
  return parent === -1 ? rows.length : parent + 1;
}

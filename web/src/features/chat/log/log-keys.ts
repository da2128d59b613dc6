export type LogAct =
  | 'previous'
  | 'next'
  | 'latest'
  | 'copy'
  | 'edit'
  | 'regenerate'
  | 'older-version'
  | 'newer-version';

export interface LogKey {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
}

const always: Record<string, LogAct> = { ArrowUp: 'previous', ArrowDown: 'next', End: 'latest' };
const letters: Record<string, LogAct> = { k: 'previous', j: 'next', c: 'copy', e: 'edit', r: 'regenerate' };
const withAlt: Record<string, LogAct> = { ArrowLeft: 'older-version', ArrowRight: 'newer-version' };

/** What a key does while a message has the focus. Letters can be turned off, as they are also commands of some aids. */
export function logAct(event: LogKey, singleKeys: boolean): LogAct | null {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  if (event.altKey) return withAlt[event.key] ?? null;
  return always[event.key] ?? (singleKeys ? (letters[event.key.toLowerCase()] ?? null) : null);
}

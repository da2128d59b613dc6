import { z } from 'zod';
import { InvalidInput } from './http-errors.ts';

/** For lists whose order is that of their ids: the cursor is the last id of the page before. */
export function cursorId(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (z.uuid().safeParse(cursor).success) return cursor;
  throw InvalidInput([{ path: 'cursor', code: 'invalid', message: 'is not a cursor of ours' }]);
}

/** `found` holds one more than the page may, when there is more. */
export function idPage<T extends { id: string }, S>(
  found: readonly T[],
  limit: number,
  present: (item: T) => S,
): { items: S[]; nextCursor: string | null } {
  const items = found.slice(0, limit);
  return { items: items.map(present), nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
}

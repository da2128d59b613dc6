import { z } from 'zod';
import { isoTime } from '../../lib/iso-time.ts';
import { CursorInvalid } from './conversations.errors.ts';

/** Where a page ended: the time it is sorted by, and the id that tells equal times apart. */
export interface PageCursor {
  at: string;
  id: string;
}
const Shape = z.tuple([z.iso.datetime(), z.uuid()]);

export function encodeCursor(at: string, id: string): string {
  return Buffer.from(JSON.stringify([isoTime(at), id])).toString('base64url');
}

export function decodeCursor(cursor: string | undefined): PageCursor | null {
  if (cursor === undefined) return null;
  const parsed = Shape.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) throw CursorInvalid();
  const [at, id] = parsed.data;
  return { at, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

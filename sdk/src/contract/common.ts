import { z } from 'zod';

export const Id = z.uuid();
export const Timestamp = z.iso.datetime();
export const IdParams = z.object({ id: Id });

/** Free text a person typed: NUL is refused because PostgreSQL can't keep it, lone surrogates because UTF-8 can't. */
export function text(max: number, min = 0) {
  return z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), {
      message: "contains characters that can't be stored",
    });
}
/** One line, trimmed. */
export function line(max: number, min = 1) {
  return text(max)
    .transform((value) => value.trim().replace(/\s+/gu, ' '))
    .pipe(z.string().min(min).max(max));
}

/** Opaque; made by the server, handed back unchanged. */
export const Cursor = z.string().min(1).max(300);
export const PageQuery = z.object({
  cursor: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(40),
});
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: Cursor.nullable() });
}
export const QueryFlag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** BCP 47 tags of the languages the product speaks. */
export const Language = z.enum(['en', 'zh-CN']);
export type Language = z.infer<typeof Language>;
export const Settings = z.record(z.string().max(100), z.json());

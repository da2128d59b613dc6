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
/** Between `min` and `max` characters as people count them: a code point each, so that an emoji is one and not two. */
export function characters(max: number, min = 0) {
  return z.string().check((context) => {
    const { value } = context;
    // Most texts are short enough in the coarser count, which costs nothing.
    const length = value.length <= max && value.length >= 2 * min ? value.length : Array.from(value).length;
    if (length > max) {
      context.issues.push({
        code: 'too_big',
        origin: 'string',
        maximum: max,
        inclusive: true,
        input: value,
        message: `has more than ${max} characters`,
      });
    } else if (length < min) {
      context.issues.push({
        code: 'too_small',
        origin: 'string',
        minimum: min,
        inclusive: true,
        input: value,
        message: `has fewer than ${min} characters`,
      });
    }
  });
}
/** One line: in one Unicode form, trimmed, without control characters and without marks that turn the text around it. */
export function line(max: number, min = 1) {
  return text(max * 4)
    .transform((value) => value.normalize('NFC').trim().replace(/\s+/gu, ' '))
    .pipe(
      characters(max, min).refine((value) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(value), {
        message: "contains characters that can't be shown",
      }),
    );
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

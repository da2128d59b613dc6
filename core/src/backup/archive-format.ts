import { z } from 'zod';
import { BackupError } from './backup-error.ts';

/** Changes when older programs could not read what newer ones write. */
export const FORMAT = 1;
export const HEAD = 'parley-backup.json';
export const MANIFEST = 'manifest.json';
export const tableFolder = (table: string) => `tables/${table}/`;
export const fileFolder = (index: number) => `files/${String(index).padStart(8, '0')}/`;
export const partName = (folder: string, index: number) => `${folder}${String(index).padStart(6, '0')}`;
/** Where a file belongs; before its parts. */
export const FILE_PLACE = 'place.json';

const name = z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The first entry: all that must be known before a row is read. */
export const Head = z.object({
  format: z.literal(FORMAT),
  parley: z.string(),
  createdAt: z.iso.datetime(),
  /** In order; together they made the schema of the rows. */
  migrations: z.array(z.string()),
  /** Tells whether the key here opens the secrets in it, and nothing about the key. Null: there was none. */
  keyFingerprint: z.string().nullable(),
  tables: z.array(z.object({ name, columns: z.array(name) })),
});
export type Head = z.output<typeof Head>;

export const TableDigest = z.object({ rows: z.int(), bytes: z.int(), sha256 });
export type TableDigest = z.output<typeof TableDigest>;

/** The last entry: what the ones before it must add up to. */
export const Manifest = z.object({
  tables: z.record(name, TableDigest),
  sequences: z.record(name, z.object({ lastValue: z.string().regex(/^-?\d+$/), isCalled: z.boolean() })),
  files: z.object({ count: z.int(), bytes: z.int(), sha256 }),
});
export type Manifest = z.output<typeof Manifest>;

export const FilePlace = z.object({ store: z.string(), key: z.string() });

export function parseEntry<T>(schema: z.ZodType<T>, body: Buffer): T {
  try {
    return schema.parse(JSON.parse(String(body)));
  } catch (cause) {
    throw new BackupError('This is not an archive that this version of Parley can read.', { cause });
  }
}

import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import {
  FILE_PLACE,
  fileFolder,
  FilePlace,
  HEAD,
  Head,
  MANIFEST,
  Manifest,
  parseEntry,
  tableFolder,
} from './archive-format.ts';
import { BackupError } from './backup-error.ts';
import { Digest, FilesDigest } from './digest.ts';
import { readTar, type TarEntry } from './tar/tar.ts';

/** What is told of an archive while it is read from its start to its end. Each body is read to its end before the next. */
export interface ArchiveVisitor {
  onHead(head: Head): Promise<void>;
  onTable(table: Head['tables'][number], body: AsyncIterable<Buffer>): Promise<void>;
  onFile(place: { store: string; key: string }, body: AsyncIterable<Buffer>): Promise<void>;
}

export interface ReadArchive {
  head: Head;
  manifest: Manifest;
}

/** Fails unless all of it is there and adds up. */
export async function readArchive(source: AsyncIterable<Uint8Array>, visitor: ArchiveVisitor): Promise<ReadArchive> {
  const entries = new Entries(readTar(unpacked(source)));
  const first = await entries.next();
  if (first?.name !== HEAD) throw new BackupError('This is not an archive of Parley.');
  const head = parseEntry(Head, first.body);
  await visitor.onHead(head);

  const tables: Manifest['tables'] = {};
  for (const table of head.tables) {
    const digest = new Digest();
    await visitor.onTable(table, entries.below(tableFolder(table.name), digest));
    tables[table.name] = digest.end();
  }
  const files = new FilesDigest();
  for (let index = 1; (await entries.peek())?.name === fileFolder(index) + FILE_PLACE; index += 1) {
    const place = parseEntry(FilePlace, (await entries.next())!.body);
    const digest = new Digest();
    await visitor.onFile(place, entries.below(fileFolder(index), digest));
    files.add(place.store, place.key, digest.end());
  }
  const last = await entries.next();
  if (last?.name !== MANIFEST) throw new BackupError('The archive is damaged: a part of it stands where none belongs.');
  const manifest = parseEntry(Manifest, last.body);
  const damaged = Object.keys({ ...tables, ...manifest.tables }).filter(
    (name) => tables[name]?.sha256 !== manifest.tables[name]?.sha256,
  );
  if (files.end().sha256 !== manifest.files.sha256) damaged.push('files');
  if (damaged.length > 0) throw new BackupError(`The archive is damaged in: ${damaged.join(', ')}.`);
  return { head, manifest };
}

async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const from = Readable.from(source);
  from.on('error', (error) => gunzip.destroy(error));
  try {
    yield* from.pipe(gunzip) as AsyncIterable<Buffer>;
  } catch (cause) {
    const isPacking = cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
    if (!isPacking) throw cause;
    throw new BackupError('The archive is damaged, or no archive of Parley, or was not copied whole.', { cause });
  } finally {
    from.destroy();
    gunzip.destroy();
  }
}

class Entries {
  readonly #source: AsyncGenerator<TarEntry>;
  #ahead: TarEntry | null | undefined;

  constructor(source: AsyncGenerator<TarEntry>) {
    this.#source = source;
  }
  async peek(): Promise<TarEntry | null> {
    if (this.#ahead === undefined) {
      const next = await this.#source.next();
      this.#ahead = next.done === true ? null : next.value;
    }
    return this.#ahead;
  }
  async next(): Promise<TarEntry | null> {
    const entry = await this.peek();
    this.#ahead = undefined;
    return entry;
  }
  /** The bodies of the entries that come now, as long as they lie in this folder. */
  async *below(folder: string, digest: Digest): AsyncGenerator<Buffer> {
    while ((await this.peek())?.name.startsWith(folder) === true) {
      const { body } = (await this.next())!;
      digest.add(body);
      yield body;
    }
  }
}

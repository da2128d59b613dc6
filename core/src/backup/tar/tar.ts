import { BackupError } from '../backup-error.ts';
import { BLOCK_BYTES, paddingAfter, readTarHeader, tarHeader } from './tar-header.ts';

/** Small enough to be held: what is longer is cut into several. */
export interface TarEntry {
  name: string;
  body: Buffer;
}

/** No entry of ours comes near it; a forged length must not take the memory. */
const MAX_ENTRY_BYTES = 64 * 1024 * 1024;

export async function* writeTar(entries: AsyncIterable<TarEntry>, changedAt: Date): AsyncGenerator<Buffer> {
  for await (const { name, body } of entries) {
    yield tarHeader(name, body.length, changedAt);
    yield body;
    yield Buffer.alloc(paddingAfter(body.length));
  }
  yield Buffer.alloc(2 * BLOCK_BYTES);
}

export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const take = taking(source);
  for (;;) {
    const header = readTarHeader(await take(BLOCK_BYTES));
    if (header === null) return;
    if (header === undefined || header.bytes > MAX_ENTRY_BYTES)
      throw new BackupError('This is not an archive of Parley.');
    const body = await take(header.bytes);
    await take(paddingAfter(header.bytes));
    yield { name: header.name, body };
  }
}

/** Hands out exactly as many bytes as are asked for. */
function taking(source: AsyncIterable<Uint8Array>): (bytes: number) => Promise<Buffer> {
  const pieces = source[Symbol.asyncIterator]();
  let rest = Buffer.alloc(0);
  return async (bytes) => {
    const gathered: Buffer[] = [rest];
    let length = rest.length;
    while (length < bytes) {
      const piece = await pieces.next();
      if (piece.done === true)
        throw new BackupError('The archive ends in the middle: it was not written or copied whole.');
      gathered.push(Buffer.from(piece.value.buffer, piece.value.byteOffset, piece.value.length));
      length += piece.value.length;
    }
    const all = Buffer.concat(gathered);
    rest = all.subarray(bytes);
    return all.subarray(0, bytes);
  };
}

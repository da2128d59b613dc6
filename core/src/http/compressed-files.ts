import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

const compressible = new Set(['.css', '.html', '.js', '.json', '.map', '.mjs', '.svg', '.txt', '.webmanifest', '.xml']);
/** Below this the packet is not full anyway. */
const WORTH_BYTES = 1_000;
const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

export interface CompressedFiles {
  /** `version` tells apart what a file held at different times. */
  get(file: string, version: string, encoding: Encoding): Promise<Buffer>;
}

export function isCompressible(extension: string, bytes: number): boolean {
  return bytes >= WORTH_BYTES && compressible.has(extension);
}

/** Text files compressed once, when first asked for, and kept: a build is small and does not change while it is served. */
export function createCompressedFiles(): CompressedFiles {
  const copies = new Map<string, { version: string; bytes: Promise<Buffer> }>();
  return {
    get(file, version, encoding) {
      const key = `${encoding}:${file}`;
      const known = copies.get(key);
      if (known?.version === version) return known.bytes;
      const bytes = compress(file, encoding);
      copies.set(key, { version, bytes });
      bytes.catch(() => copies.delete(key));
      return bytes;
    },
  };
}

async function compress(file: string, encoding: Encoding): Promise<Buffer> {
  const bytes = await readFile(file);
  if (encoding === 'gzip') return gzipped(bytes);
  // 9 of 11: the last two steps take ten times as long for a few percent, and somebody is waiting.
  return brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
}

import { createHash } from 'node:crypto';
import type { TableDigest } from './archive-format.ts';

const NEWLINE = 0x0a;

/** Counts and hashes what passes. A row of COPY's text format is a line: line ends within values are escaped. */
export class Digest {
  readonly #hash = createHash('sha256');
  #rows = 0;
  #bytes = 0;

  add(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.#bytes += piece.length;
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, at + 1)) this.#rows += 1;
  }
  end(): TableDigest {
    return { rows: this.#rows, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

/** Of many files: one line each, so that a list of millions needs no memory. */
export class FilesDigest {
  readonly #hash = createHash('sha256');
  #count = 0;
  #bytes = 0;

  add(store: string, key: string, file: TableDigest): void {
    this.#hash.update(`${store} ${key} ${file.bytes} ${file.sha256}\n`);
    this.#count += 1;
    this.#bytes += file.bytes;
  }
  end() {
    return { count: this.#count, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

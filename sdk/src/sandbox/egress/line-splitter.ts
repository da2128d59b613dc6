import { asBuffer, defaultMostBytes, SplitterOverflow } from './splitting.ts';

const lineFeed = 10;
const carriageReturn = 13;

/**
 * Newline-delimited text: cut at LF, a CR before it dropped, blank lines skipped. Bytes are searched as bytes and decoded one whole
 * line at a time, so a character split between chunks is never torn.
 */
export class LineSplitter {
  readonly #mostBytes: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #isFirst = true;

  constructor(options: { mostBytes?: number } = {}) {
    this.#mostBytes = options.mostBytes ?? defaultMostBytes;
  }

  get isBetweenPieces(): boolean {
    return this.#keptBytes === 0 && !this.#isFirst;
  }

  push(bytes: Uint8Array): string[] {
    const chunk = asBuffer(bytes);
    const lines: string[] = [];
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      this.#take(chunk.subarray(from, at), lines);
      from = at + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return lines;
  }

  /** The last line may lack its line end. */
  end(): string[] {
    const lines: string[] = [];
    this.#take(Buffer.alloc(0), lines);
    return lines;
  }

  #keep(rest: Buffer): void {
    this.#keptBytes += rest.length;
    if (this.#keptBytes > this.#mostBytes) throw new SplitterOverflow('line', this.#mostBytes);
    this.#kept.push(rest);
  }

  #take(rest: Buffer, lines: string[]): void {
    let line = rest;
    if (this.#keptBytes > 0) {
      this.#keep(rest);
      line = Buffer.concat(this.#kept, this.#keptBytes);
      this.#kept = [];
      this.#keptBytes = 0;
    }
    if (line.length > this.#mostBytes) throw new SplitterOverflow('line', this.#mostBytes);
    const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    const start = this.#isFirst && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? 3 : 0;
    this.#isFirst = false;
    const text = line.toString('utf8', start, end);
    if (text.trim() !== '') lines.push(text);
  }
}

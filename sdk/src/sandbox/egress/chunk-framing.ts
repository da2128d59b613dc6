const carriageReturn = 13;
const lineFeed = 10;
/** A size of more digits than this is a chunk of 268 MB and more, which nobody sends to stream. */
const mostDigits = 7;

/**
 * Follows a body of `transfer-encoding: chunked` and knows where one chunk ends and the next begins. It decides nothing about the
 * body: whatever is not the plainest form of a chunk (an extension, a padded size, a wrong line end) loses it for good, and so does
 * the last chunk, because trailers come behind it.
 */
export class ChunkFraming {
  #state: 'size' | 'size-end' | 'data' | 'data-end' | 'chunk-end' | 'lost' = 'size';
  #digits = 0;
  #size = 0;
  /** Of the chunk's data. */
  #missing = 0;

  /** The next byte begins a chunk. */
  get isBetweenChunks(): boolean {
    return this.#state === 'size' && this.#digits === 0;
  }
  get isLost(): boolean {
    return this.#state === 'lost';
  }
  /** Of the bytes that were followed last: where the data among them begins and ends. */
  dataFrom = 0;
  dataTo = 0;

  /** Follows the bytes to the end of a chunk or to their own, whichever comes first; answers where that is. */
  advance(bytes: Uint8Array, from: number, to: number): number {
    let at = from;
    this.dataFrom = this.dataTo = from;
    while (at < to) {
      switch (this.#state) {
        case 'size':
          this.#readSize(bytes[at++] ?? 0);
          break;
        case 'size-end':
          this.#missing = this.#size;
          this.#state = bytes[at++] === lineFeed ? 'data' : 'lost';
          break;
        case 'data': {
          const step = Math.min(this.#missing, to - at);
          this.dataFrom = at;
          this.dataTo = at += step;
          this.#missing -= step;
          if (this.#missing === 0) this.#state = 'data-end';
          break;
        }
        case 'data-end':
          this.#state = bytes[at++] === carriageReturn ? 'chunk-end' : 'lost';
          break;
        case 'chunk-end':
          this.#digits = 0;
          this.#state = bytes[at++] === lineFeed ? 'size' : 'lost';
          return this.#state === 'size' ? at : to;
        case 'lost':
          return to;
      }
    }
    return at;
  }

  #readSize(byte: number): void {
    if (byte === carriageReturn && this.#digits > 0) {
      this.#state = 'size-end';
      return;
    }
    const digit = valueOfHexDigit(byte);
    // No size begins with a zero but that of the last chunk and those that are padded.
    const isPlain = digit >= (this.#digits === 0 ? 1 : 0) && this.#digits < mostDigits;
    this.#size = this.#digits === 0 ? digit : this.#size * 16 + digit;
    this.#digits += 1;
    if (!isPlain) this.#state = 'lost';
  }
}

function valueOfHexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

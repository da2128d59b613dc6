/** A stream that does not keep to its format's sizes; the reader must drop the connection. */
export class SplitterOverflow extends Error {
  readonly code = 'stream.too-large';

  constructor(what: 'event' | 'line', mostBytes: number) {
    super(`One ${what} of the stream is larger than ${mostBytes} bytes`);
    this.name = 'SplitterOverflow';
  }
}

/** Images travel inside events and lines; anything above is an attack or a broken server. */
export const defaultMostBytes = 1_048_576;

/** A view, never a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

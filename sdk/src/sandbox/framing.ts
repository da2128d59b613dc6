/** Frames on the one pipe between core and worker: four bytes of length (big endian), then that many bytes of JSON. */

/** A frame above this is a protocol violation; the largest honest one carries a result and a batch of stream parts. */
export const maxFrameBytes = 64_000_000;

/** Thrown when the other side says what no honest one says. */
export class ProtocolViolation extends Error {
  override name = 'ProtocolViolation';
}

export function encodeFrame(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32BE(length, 0);
  frame.write(json, 4);
  return frame;
}

/** Turns bytes, cut anywhere, into frames' texts. Throws on a frame that is too large: the other side is not to be trusted any more. */
export class FrameReader {
  #held: Buffer[] = [];
  #heldBytes = 0;
  #wanted = -1;

  push(chunk: Buffer): string[] {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    const frames: string[] = [];
    for (;;) {
      if (this.#wanted < 0) {
        if (this.#heldBytes < 4) return frames;
        this.#wanted = this.#joined().readUInt32BE(0);
        if (this.#wanted > maxFrameBytes) throw new ProtocolViolation('a frame is too large');
      }
      if (this.#heldBytes < 4 + this.#wanted) return frames;
      const bytes = this.#joined();
      frames.push(bytes.toString('utf8', 4, 4 + this.#wanted));
      this.#held = bytes.length > 4 + this.#wanted ? [bytes.subarray(4 + this.#wanted)] : [];
      this.#heldBytes = bytes.length - 4 - this.#wanted;
      this.#wanted = -1;
    }
  }

  // Pieces are joined only when a header or a whole frame is there, so that a large frame is copied once and not per piece.
  #joined(): Buffer {
    const joined = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [joined];
    return joined;
  }
}

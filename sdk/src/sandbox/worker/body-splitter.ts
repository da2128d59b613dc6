import { LineSplitter, SseSplitter } from '../egress/index.ts';

/** Cuts a body into the pieces a plugin asked for. Texts are pieces as they are; anything else enters as JSON. */
export interface BodySplitter {
  push(bytes: Uint8Array): unknown[];
  end(): unknown[];
  /** The next byte begins a piece, and what a piece means does not hang on those before it. */
  readonly isBetweenPieces: boolean;
}

export function createBodySplitter(mode: unknown): BodySplitter {
  if (mode === 'events') return new EventPieces();
  if (mode === 'lines') return new LineSplitter();
  return mode === 'text' ? new TextPieces() : bytePieces;
}

/** Nearly every event has only data: it then travels as a bare text. */
class EventPieces implements BodySplitter {
  readonly #splitter = new SseSplitter();

  push(bytes: Uint8Array): unknown[] {
    return this.#splitter.push(bytes).map(pieceOf);
  }
  end(): unknown[] {
    return this.#splitter.end().map(pieceOf);
  }
  get isBetweenPieces(): boolean {
    return this.#splitter.isBetweenPlainEvents;
  }
}

function pieceOf({ event, data, id }: ReturnType<SseSplitter['push']>[number]): unknown {
  return event === '' && id === '' ? data : [event, data, id];
}

class TextPieces implements BodySplitter {
  readonly #decoder = new TextDecoder();
  readonly isBetweenPieces = false;

  push(bytes: Uint8Array): string[] {
    const text = this.#decoder.decode(bytes, { stream: true });
    return text === '' ? [] : [text];
  }
  end(): string[] {
    const text = this.#decoder.decode();
    return text === '' ? [] : [text];
  }
}

const bytePieces: BodySplitter = {
  push: (bytes) => [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')],
  end: () => [],
  isBetweenPieces: false,
};

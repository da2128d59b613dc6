import type { EgressExchange } from './egress-types.ts';

/** Above this the socket rests until the reader has caught up. */
const highWaterBytes = 262_144;

/** Turns pushed chunks into an async iterable for callers that are not on the hot path. */
export class ResponseBody implements AsyncIterable<Uint8Array> {
  readonly #exchange: () => EgressExchange;
  readonly #chunks: Uint8Array[] = [];
  #queuedBytes = 0;
  #isResting = false;
  #ending: { error?: Error } | undefined;
  #wake: (() => void) | undefined;

  constructor(exchange: () => EgressExchange) {
    this.#exchange = exchange;
  }

  push(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > highWaterBytes && !this.#isResting) {
      this.#isResting = true;
      this.#exchange().pause();
    }
    this.#wake?.();
  }

  end(error?: Error): void {
    this.#ending ??= error ? { error } : {};
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk) {
          this.#queuedBytes -= chunk.length;
          if (this.#isResting && this.#queuedBytes < highWaterBytes / 2) {
            this.#isResting = false;
            this.#exchange().resume();
          }
          yield chunk;
        } else if (this.#ending) {
          if (this.#ending.error) throw this.#ending.error;
          return;
        } else {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        }
      }
    } finally {
      if (!this.#ending) this.#exchange().cancel();
    }
  }
}

/** The part of the streams standard that reading a response takes: one reader, pull, cancel, async iteration. No byte mode, no tee. */
export interface StreamController {
  enqueue(chunk: unknown): void;
  close(): void;
  error(reason: unknown): void;
}
interface Source {
  start?(controller: StreamController): unknown;
  pull?(controller: StreamController): unknown;
  cancel?(reason?: unknown): unknown;
}
interface Sink {
  write(chunk: unknown): unknown;
  close(): unknown;
  abort?(reason: unknown): unknown;
}
type Result = { value: unknown; done: boolean };

export class ReadableStream {
  readonly #source: Source;
  #queue: unknown[] = [];
  #closed = false;
  #fault: { reason: unknown } | undefined;
  #locked = false;
  /** Wakes a read that waits on a source without `pull`. */
  #changed: () => void = () => {};
  #controller: StreamController;
  #started: Promise<unknown>;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(source: Source = {}) {
    this.#source = source;
    this.#controller = {
      enqueue: (chunk) => {
        if (this.#closed) throw new TypeError('the stream is closed');
        this.#queue.push(chunk);
        this.#changed();
      },
      close: () => {
        this.#closed = true;
        this.#changed();
      },
      error: (reason) => {
        this.#fault ??= { reason };
        this.#closed = true;
        this.#changed();
      },
    };
    this.#started = Promise.resolve(source.start?.(this.#controller));
    this.#started.catch((reason: unknown) => this.#controller.error(reason));
  }

  get locked(): boolean {
    return this.#locked;
  }

  getReader(): { read(): Promise<Result>; cancel(reason?: unknown): Promise<void>; releaseLock(): void } {
    if (this.#locked) throw new TypeError('the stream has a reader already');
    this.#locked = true;
    return {
      read: () => this.#read(),
      cancel: (reason) => this.#cancel(reason),
      releaseLock: () => {
        this.#locked = false;
      },
    };
  }

  async cancel(reason?: unknown): Promise<void> {
    if (this.#locked) throw new TypeError('the stream has a reader');
    await this.#cancel(reason);
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<unknown> {
    const reader = this.getReader();
    let finished = false;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) {
          finished = true;
          return;
        }
        yield value;
      }
    } finally {
      if (!finished) await reader.cancel();
      reader.releaseLock();
    }
  }

  pipeThrough(transform: { readable: ReadableStream; writable: Sink }): ReadableStream {
    void this.#pipe(transform.writable);
    return transform.readable;
  }
  async #pipe(writable: Sink): Promise<void> {
    try {
      for await (const chunk of this) await writable.write(chunk);
      await writable.close();
    } catch (reason) {
      await writable.abort?.(reason);
    }
  }

  // Reads take turns, as the standard's queue of read requests does.
  #read(): Promise<Result> {
    const result = this.#reading.then(() => this.#take());
    this.#reading = result.catch(() => undefined);
    return result;
  }
  async #take(): Promise<Result> {
    await this.#started;
    while (this.#queue.length === 0 && !this.#closed) {
      if (this.#source.pull === undefined) await new Promise<void>((resolve) => (this.#changed = resolve));
      else await this.#source.pull(this.#controller);
    }
    if (this.#queue.length > 0) return { value: this.#queue.shift(), done: false };
    if (this.#fault !== undefined) throw this.#fault.reason;
    return { value: undefined, done: true };
  }
  async #cancel(reason?: unknown): Promise<void> {
    this.#closed = true;
    this.#queue = [];
    await this.#source.cancel?.(reason);
  }
}

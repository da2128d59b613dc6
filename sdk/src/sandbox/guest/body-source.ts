import { DOMException } from './dom-exception.ts';
import type { PieceBatches, TextFrame } from '../../plugin/guest-globals.ts';
import type { GuestCall } from './guest-call.ts';
import { HostError } from './host-error.ts';
import { post, quote } from './outbox.ts';

export type BodyMode = 'events' | 'lines' | 'text' | 'bytes';
/** Told to the host after this much was consumed; the host stops reading the network when too much is on its way. */
const ackChars = 65_536;

/** A response body, read in one of four ways. The host splits it and delivers what arrived together as one batch. */
export class BodySource {
  readonly #call: GuestCall;
  readonly #number: number;
  #queue: unknown[] = [];
  #queuedChars = 0;
  #consumedChars = 0;
  #done = false;
  #fault: unknown = undefined;
  #waiting: { resolve(next: IteratorResult<unknown[]>): void; reject(reason: unknown): void } | undefined;
  #mode: BodyMode | undefined;
  /** Of the pieces that may pass by during the next wait. */
  #frame: TextFrame | undefined;
  #isNews = false;
  passed = 0;

  constructor(call: GuestCall, number: number) {
    this.#call = call;
    this.#number = number;
  }

  get used(): boolean {
    return this.#mode !== undefined;
  }
  open(mode: BodyMode): void {
    if (this.#mode !== undefined) throw new TypeError('Body has already been read');
    this.#mode = mode;
    if (!this.#done && this.#fault === undefined) post('R', this.#call.id, this.#number, `"${mode}"`);
  }

  /** From the host, which lets go of `items`: what arrived, how large it was, whether it was the last, and how much passed before it. */
  deliver(items: unknown[], chars: number, isLast: boolean, passed: number): void {
    if (this.#done) return;
    this.passed += passed;
    this.#isNews = true;
    if (this.#mode === 'events') for (let i = 0; i < items.length; i += 1) items[i] = inflateEvent(items[i]);
    if (this.#queue.length === 0) this.#queue = items;
    else for (let i = 0; i < items.length; i += 1) this.#queue[this.#queue.length] = items[i];
    this.#queuedChars += chars;
    if (isLast) this.#done = true;
    this.#wake();
  }
  fail(fault: unknown): void {
    if (this.#done) return;
    this.#fault = fault;
    this.#done = true;
    this.#wake();
  }

  pass({ before, after }: TextFrame): void {
    this.#frame = { before: String(before), after: String(after) };
  }

  /** All that waits, or a promise for the next delivery. One reader at a time. */
  next(): Promise<IteratorResult<unknown[], undefined>> {
    return new Promise((resolve, reject) => {
      if (this.#waiting !== undefined) throw new TypeError('the body is being read already');
      this.#waiting = { resolve, reject };
      this.#wake();
      const frame = this.#frame;
      this.#frame = undefined;
      if (this.#waiting === undefined || frame === undefined) return;
      post('P', this.#call.id, this.#number, `[${quote(frame.before)},${quote(frame.after)}]`);
    });
  }
  #wake(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    // An empty batch is one too: it tells that text has passed.
    if (this.#queue.length > 0 || (this.#isNews && !this.#done)) {
      this.#isNews = false;
      const batch = this.#queue;
      this.#queue = [];
      this.#acknowledge();
      this.#waiting = undefined;
      waiting.resolve({ value: batch, done: false });
    } else if (this.#fault !== undefined) {
      this.#waiting = undefined;
      waiting.reject(this.#fault);
    } else if (this.#done) {
      this.#waiting = undefined;
      waiting.resolve({ value: undefined, done: true });
    }
  }
  #acknowledge(): void {
    this.#consumedChars += this.#queuedChars;
    this.#queuedChars = 0;
    if (this.#consumedChars < ackChars || this.#done) return;
    post('A', this.#call.id, this.#number, String(this.#consumedChars));
    this.#consumedChars = 0;
  }

  cancel(): void {
    if (this.#done) return;
    this.fail(new DOMException('The body was cancelled', 'AbortError'));
    post('K', this.#call.id, this.#number, '');
    this.#call.fetches.delete(this.#number);
  }

  async collect(mode: 'text' | 'bytes'): Promise<string> {
    this.open(mode);
    let text = '';
    for (;;) {
      const { value, done } = await this.next();
      if (done === true) return text;
      for (const piece of value as string[]) text += piece;
    }
  }
}

/** An async iterator over batches that lets go of the connection when the reader stops early. */
export function iterateBatches<T>(source: BodySource, mode: 'events' | 'lines'): PieceBatches<T> {
  source.open(mode);
  return {
    next: () => source.next() as Promise<IteratorResult<T[]>>,
    passText: (frame) => source.pass(frame),
    get passed() {
      return source.passed;
    },
    async return() {
      source.cancel();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** An event with data alone travels as its bare data. */
function inflateEvent(item: unknown): { event: string; data: string; id: string } {
  if (typeof item === 'string') return { event: '', data: item, id: '' };
  const [event, data, id] = item as [string, string, string];
  return { event, data, id };
}

export function networkFault(code: string, message: string): HostError | TypeError {
  // The web's own rule: a request that could not be made is a TypeError; a refused one keeps the host's code.
  if (code === 'host.unavailable') return Object.assign(new TypeError('fetch failed'), { code });
  return new HostError(code, message);
}

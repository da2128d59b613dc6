import { EgressRefused, LineSplitter, SplitterOverflow, SseSplitter } from '../egress/index.ts';
import type { EgressExchange, EgressFailed, EgressHandler, EgressHead, HeldSecret } from '../egress/index.ts';
import type { WorkerCall } from './worker-call.ts';

export interface FetchRequest {
  url: string;
  method: string;
  headers: [string, string][];
  body: string | null;
  binary: boolean;
}
/**
 * Waiting to be consumed by the plugin; above this the socket rests, so that the sender slows down. Must be above the largest event
 * or line that the splitters take (1 MiB): of a part of one the plugin sees nothing, so it could never ask for the rest.
 */
const highWaterChars = 2_000_000;
/**
 * Whole pieces that wait to enter; above this the socket rests until they have. A few streams at full speed then stay within the
 * processor's caches on their way through, instead of filling memory that is read again much later.
 */
const mostWaiting = 65_536;

/** One request of a plugin: head and body pieces on their way in, split as the plugin asked. */
export class CallFetch implements EgressHandler {
  readonly call: WorkerCall;
  readonly #number: number;
  readonly #onArrival: (fetch: CallFetch, isFirst: boolean) => void;
  /** Somebody waits for the first word: head and first piece enter at once, whatever the worker's beat. */
  #hasBegun = false;
  readonly #onOver: (fetch: CallFetch) => void;
  exchange: EgressExchange | undefined;
  #split: ((bytes: Uint8Array | undefined) => unknown[]) | undefined;
  /** Bytes that came before the plugin said how it reads. */
  #early: Uint8Array[] = [];
  #items: unknown[] = [];
  #chars = 0;
  #isResting = false;
  #unacknowledged = 0;
  #messages: string[] = [];
  /** Pieces named in the messages by their length alone: they enter as one raw text, which costs no escaping on either side. */
  #bodies: string[] = [];
  #over = false;
  #hasHead = false;
  #ended = false;
  /** Why the body ended before anybody read it: told to the reader, behind what came before. */
  #broken: [code: string, text: string] | undefined;

  constructor(
    call: WorkerCall,
    number: number,
    onArrival: (fetch: CallFetch, isFirst: boolean) => void,
    onOver: (fetch: CallFetch) => void,
  ) {
    this.call = call;
    this.#number = number;
    this.#onArrival = onArrival;
    this.#onOver = onOver;
  }

  /** Something of its body has come. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  onHead(head: EgressHead): void {
    if (this.#over) return;
    this.#hasHead = true;
    this.#push(['h', this.call.id, this.#number, head.status, head.statusText, head.url, head.headers]);
    this.#onArrival(this, true);
    // Nobody knows yet how the body will be read, or whether at all.
    if (this.#split === undefined) this.exchange?.pause();
  }
  onData(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#split === undefined) {
      this.#early.push(bytes);
      return;
    }
    this.#unacknowledged += bytes.length;
    this.#chars += bytes.length;
    this.#take(bytes);
    const isFull = this.#items.length > 0 && this.#chars > mostWaiting;
    if (isFull || this.#unacknowledged > highWaterChars) this.#rest();
  }
  onEnd(): void {
    this.#ended = true;
    if (this.#split !== undefined) this.#finish();
  }
  onError(error: EgressRefused | EgressFailed): void {
    const [code, text] = hostError(error);
    if (this.#hasHead && this.#split === undefined) this.#broken = [code, text];
    else this.fail(code, text);
  }

  read(mode: unknown): void {
    if (this.#split !== undefined || this.#over) return;
    this.#split = splitterFor(mode);
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.onData(bytes);
    if (this.#ended) this.#finish();
    else if (this.#broken !== undefined) this.fail(...this.#broken);
    else if (!this.#isResting) this.exchange?.resume();
  }
  acknowledge(chars: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - chars);
    this.#goOn();
  }
  fail(code: string, text: string): void {
    if (this.#over) return;
    this.#flushItems(0);
    this.#push(['e', this.call.id, this.#number, code, text]);
    this.#onArrival(this, false);
    this.#close();
  }
  /** The plugin or the call let go of it: nothing more is delivered. */
  cancel(): void {
    if (this.#over) return;
    this.#close();
    this.exchange?.cancel();
  }

  /** All that arrived since the last entry, as JSON of messages without brackets; raw pieces are appended to `bodies`. */
  takeArrived(bodies: string[]): string {
    if (this.#items.length > 0) this.#flushItems(0);
    this.#goOn();
    for (const body of this.#bodies) bodies.push(body);
    this.#bodies = [];
    const messages = this.#messages;
    this.#messages = [];
    return messages.length === 1 ? messages[0]! : messages.join(',');
  }

  #rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.exchange?.pause();
  }
  #goOn(): void {
    if (!this.#isResting || this.#items.length > 0 || this.#unacknowledged > highWaterChars) return;
    this.#isResting = false;
    this.exchange?.resume();
  }

  #take(bytes: Uint8Array | undefined): void {
    try {
      const items = this.#split!(bytes);
      if (items.length === 0) return;
      for (const item of items) this.#items.push(item);
      const isFirst = !this.#hasBegun;
      this.#hasBegun = true;
      this.#onArrival(this, isFirst);
    } catch (fault) {
      if (!(fault instanceof SplitterOverflow)) throw fault;
      // In this order, or the plugin would hear of the cancelling instead of its reason.
      this.fail('host.budget', 'a single event or line is too large');
      this.exchange?.cancel();
    }
  }
  #finish(): void {
    this.#take(undefined);
    if (this.#over) return;
    this.#flushItems(1);
    this.#onArrival(this, false);
    this.#close();
  }
  #flushItems(isLast: 0 | 1): void {
    if (this.#items.length === 0 && isLast === 0) return;
    const items = this.#items.map((item) => {
      if (typeof item !== 'string') return JSON.stringify(item);
      this.#bodies.push(item);
      return item.length;
    });
    this.#messages.push(`["b",${this.call.id},${this.#number},[${items.join(',')}],${this.#chars},${isLast}]`);
    this.#items = [];
    this.#chars = 0;
  }
  #push(message: unknown[]): void {
    this.#messages.push(JSON.stringify(message));
  }
  #close(): void {
    this.#over = true;
    this.#early = [];
    this.#onOver(this);
  }
}

function splitterFor(mode: unknown): (bytes: Uint8Array | undefined) => unknown[] {
  if (mode === 'events') {
    const splitter = new SseSplitter();
    // Nearly every event has only data: it then travels as a bare text.
    return (bytes) =>
      (bytes === undefined ? splitter.end() : splitter.push(bytes)).map((event) =>
        event.event === '' && event.id === '' ? event.data : [event.event, event.data, event.id],
      );
  }
  if (mode === 'lines') {
    const splitter = new LineSplitter();
    return (bytes) => (bytes === undefined ? splitter.end() : splitter.push(bytes));
  }
  if (mode === 'text') {
    const decoder = new TextDecoder();
    return (bytes) => {
      const text = bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
      return text === '' ? [] : [text];
    };
  }
  return (bytes) =>
    bytes === undefined ? [] : [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')];
}

/** Codes of the plugin's world; the sentences are egress's fixed ones. */
export function hostError(error: EgressRefused | EgressFailed): [code: string, text: string] {
  if (error instanceof EgressRefused)
    return [error.code === 'egress.refused' ? 'host.denied' : 'host.invalid', error.message];
  if (error.kind === 'aborted') return ['host.aborted', error.message];
  if (error.kind.endsWith('timeout')) return ['host.timeout', error.message];
  if (error.kind === 'too-large') return ['host.budget', error.message];
  return ['host.unavailable', error.message];
}

export function secretsFor(call: WorkerCall): HeldSecret[] {
  return [...call.plugin.order.secrets, ...call.order.secrets];
}

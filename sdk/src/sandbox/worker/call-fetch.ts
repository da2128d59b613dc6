import { asBuffer, EgressRefused, SplitterOverflow } from '../egress/index.ts';
import type { EgressExchange, EgressFailed, EgressHandler, EgressHead, HeldSecret } from '../egress/index.ts';
import type { TextFrame } from '../../plugin/guest-globals.ts';
import { type BodySplitter, createBodySplitter } from './body-splitter.ts';
import { TextPass } from './text-pass.ts';
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
 * processor's caches on their way through, instead of filling memory that is read again much later. A little less than a read, so that a
 * full one is the last.
 */
const mostWaiting = 60_000;
/** A plugin past which text goes hears this often that it does. */
const newsMs = 500;

export interface FetchEvents {
  /** `atOnce`: somebody waits for it, or it waits for nothing but to enter, whatever the worker's beat. */
  onArrival(fetch: CallFetch, atOnce: boolean): void;
  /** Text that the plugin let pass, to be yielded in its name. */
  onPassed(text: string): void;
  onOver(fetch: CallFetch): void;
}

/** One request of a plugin: head and body pieces on their way in, split as the plugin asked. */
export class CallFetch implements EgressHandler {
  readonly call: WorkerCall;
  readonly #number: number;
  readonly #events: FetchEvents;
  #hasBegun = false;
  exchange: EgressExchange | undefined;
  #mode: unknown;
  #splitter: BodySplitter | undefined;
  /** Bytes that came before the plugin said how it reads. */
  #early: Uint8Array[] = [];
  #items: unknown[] = [];
  #chars = 0;
  /** Takes the pieces that need not enter, until one comes that must; what it took waits in it for the next round. */
  #pass: TextPass | undefined;
  #isPassing = false;
  /** Pieces that have passed since the plugin heard of it, and when that was. */
  #passed = 0;
  #heardAt = 0;
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

  constructor(call: WorkerCall, number: number, events: FetchEvents) {
    this.call = call;
    this.#number = number;
    this.#events = events;
  }

  /** Something of its body has come. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  onHead(head: EgressHead): void {
    if (this.#over) return;
    this.#hasHead = true;
    this.#push(['h', this.call.id, this.#number, head.status, head.statusText, head.url, head.headers]);
    this.#events.onArrival(this, true);
    // Nobody knows yet how the body will be read, or whether at all.
    if (this.#splitter === undefined) this.exchange?.pause();
  }
  onData(bytes: Uint8Array): void {
    if (this.#over) return;
    if (this.#splitter === undefined) {
      this.#early.push(bytes);
      return;
    }
    this.#unacknowledged += bytes.length;
    this.#chars += bytes.length;
    this.#guarded(this.#splitter, (splitter) => this.#take(splitter, bytes));
    const isFull = this.#isWaiting && this.#chars > mostWaiting;
    if (isFull || this.#unacknowledged > highWaterChars) this.#rest();
    if (isFull) this.#events.onArrival(this, true);
  }
  onEnd(): void {
    this.#ended = true;
    if (this.#splitter !== undefined) this.#finish(this.#splitter);
  }
  onError(error: EgressRefused | EgressFailed): void {
    const [code, text] = hostError(error);
    if (this.#hasHead && this.#splitter === undefined) this.#broken = [code, text];
    else this.fail(code, text);
  }

  read(mode: unknown): void {
    if (this.#splitter !== undefined || this.#over) return;
    this.#mode = mode;
    this.#splitter = createBodySplitter(mode);
    const early = this.#early;
    this.#early = [];
    for (const bytes of early) this.onData(bytes);
    if (this.#ended) this.#finish(this.#splitter);
    else if (this.#broken !== undefined) this.fail(...this.#broken);
    else if (!this.#isResting) this.exchange?.resume();
  }
  /** The plugin waits. What has come in the meantime enters all the same: it may change what the plugin wants. */
  pass(frame: TextFrame): void {
    if (this.#isPassing || this.#isWaiting || (this.#mode !== 'events' && this.#mode !== 'lines')) return;
    this.#pass = new TextPass(this.#mode, frame);
    this.#isPassing = true;
  }
  acknowledge(chars: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - chars);
    this.#goOn();
  }
  fail(code: string, text: string): void {
    if (this.#over) return;
    if (this.#items.length > 0) this.#flushItems(0);
    this.#push(['e', this.call.id, this.#number, code, text]);
    this.#events.onArrival(this, false);
    this.#close();
  }
  /** The plugin or the call let go of it: nothing more is delivered. */
  cancel(): void {
    if (this.#over) return;
    this.#pass = undefined;
    this.#close();
    this.exchange?.cancel();
  }

  /** All that arrived since the last entry, as JSON of messages without brackets; raw pieces are appended to `bodies`. */
  takeArrived(bodies: string[]): string {
    this.#handOver();
    if (this.#items.length > 0) this.#flushItems(0);
    this.#goOn();
    for (const body of this.#bodies) bodies.push(body);
    this.#bodies = [];
    const messages = this.#messages;
    this.#messages = [];
    return messages.length === 1 ? messages[0]! : messages.join(',');
  }

  /** What has passed goes on before anything of the plugin's own can follow it. */
  #handOver(): void {
    const pass = this.#pass;
    if (pass === undefined || pass.pieces === 0) return;
    this.#passed += pass.pieces;
    this.#events.onPassed(pass.take());
    if (this.#items.length > 0 || this.#over) return;
    // Nobody else will acknowledge them.
    this.#unacknowledged = Math.max(0, this.#unacknowledged - this.#chars);
    this.#chars = 0;
    if (this.call.lastActivity - this.#heardAt < newsMs) return;
    this.#endPass(this.#splitter!);
    this.#flushItems(0);
  }

  /** Something has come that the next round takes along. */
  get #isWaiting(): boolean {
    return this.#items.length > 0 || (this.#pass !== undefined && this.#pass.pieces > 0);
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

  #guarded(splitter: BodySplitter, work: (splitter: BodySplitter) => void): void {
    try {
      work(splitter);
    } catch (fault) {
      if (!(fault instanceof SplitterOverflow)) throw fault;
      // In this order, or the plugin would hear of the cancelling instead of its reason.
      this.fail('host.budget', 'a single event or line is too large');
      this.exchange?.cancel();
    }
  }
  #take(splitter: BodySplitter, bytes: Uint8Array): void {
    const canPass = this.#isPassing && splitter.isBetweenPieces;
    const rest = canPass ? this.#pass!.push(asBuffer(bytes)) : bytes;
    const items = rest.length > 0 ? splitter.push(rest) : [];
    if (items.length > 0) this.#add(items);
    else if (this.#isWaiting) this.#events.onArrival(this, false);
  }
  #add(items: unknown[]): void {
    if (items.length === 0) return;
    // Pieces that come behind it wait for what the plugin makes of it.
    this.#isPassing = false;
    for (const item of items) this.#items.push(item);
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    this.#events.onArrival(this, isFirst);
  }
  #endPass(splitter: BodySplitter): void {
    this.#isPassing = false;
    const kept = this.#pass?.end();
    if (kept !== undefined && kept.length > 0) this.#add(splitter.push(kept));
  }
  #finish(splitter: BodySplitter): void {
    this.#handOver();
    if (this.#over) return;
    this.#guarded(splitter, () => {
      this.#endPass(splitter);
      this.#add(splitter.end());
    });
    if (this.#over) return;
    this.#flushItems(1);
    this.#events.onArrival(this, false);
    this.#close();
  }
  #flushItems(isLast: 0 | 1): void {
    const items = this.#items.map((item) => {
      if (typeof item !== 'string') return JSON.stringify(item);
      this.#bodies.push(item);
      return item.length;
    });
    const message = `["b",${this.call.id},${this.#number},[${items.join(',')}],${this.#chars},${isLast},${this.#passed}]`;
    this.#messages.push(message);
    this.#items = [];
    this.#chars = 0;
    this.#passed = 0;
    this.#heardAt = this.call.lastActivity;
  }
  #push(message: unknown[]): void {
    this.#messages.push(JSON.stringify(message));
  }
  #close(): void {
    this.#over = true;
    this.#early = [];
    this.#events.onOver(this);
  }
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

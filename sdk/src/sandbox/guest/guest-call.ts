import { AbortController, AbortSignal } from './abort.ts';
import { HostError } from './host-error.ts';
import { jsonStringify } from './primordials.ts';
import { markDirty, post, postInRow, quote } from './outbox.ts';
import type { Flushable } from './outbox.ts';

export interface Settler {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** One hook call as the runtime inside the isolate sees it. */
export class GuestCall implements Flushable {
  readonly id: number;
  readonly maxParts: number;
  readonly controller: AbortController;
  readonly answers: Map<number, Settler> = new Map();
  /** Where deliveries for a fetch go: its head first, then its body. */
  readonly fetches: Map<number, (kind: string, message: unknown[]) => void> = new Map();
  nextNumber = 1;
  dead = false;
  filter: { push(text: string): unknown; end(): unknown } | undefined;
  iterator: AsyncIterator<unknown> | undefined;
  #parts: string[] = [];
  #joinedKind = '';
  #joined = '';
  #count = 0;
  #isDirty = false;

  constructor(id: number, maxParts: number) {
    this.id = id;
    this.maxParts = maxParts;
    this.controller = new AbortController();
    AbortSignal.setCall(this.controller.signal, this);
  }

  /** Neighbouring text (and reasoning) parts of one entry leave as one part. */
  emit(part: { type?: unknown; text?: unknown }): void {
    this.#count += 1;
    if (this.#count > this.maxParts) throw new HostError('host.budget', 'too many parts');
    if (!this.#isDirty) {
      this.#isDirty = true;
      markDirty(this);
    }
    const type = part.type;
    if (type === 'text' || type === 'reasoning') {
      const text = part.text;
      if (typeof text !== 'string') throw new TypeError(`a ${type} part needs a text`);
      if (this.#joinedKind === type) this.#joined += text;
      else {
        this.#closeJoined();
        this.#joinedKind = type;
        this.#joined = text;
      }
      return;
    }
    this.#closeJoined();
    const json = jsonStringify(part) as string | undefined;
    if (json === undefined) throw new TypeError('a part must be an object');
    this.#parts[this.#parts.length] = json;
  }

  #closeJoined(): void {
    if (this.#joinedKind === '') return;
    const text = quote(this.#joined);
    this.#parts[this.#parts.length] = this.#joinedKind === 'text' ? text : `{"type":"reasoning","text":${text}}`;
    this.#joinedKind = '';
    this.#joined = '';
  }

  flushParts(): void {
    this.#isDirty = false;
    this.#closeJoined();
    const parts = this.#parts;
    if (parts.length === 0) return;
    let json = `[${parts[0]!}`;
    for (let i = 1; i < parts.length; i += 1) json += `,${parts[i]!}`;
    this.#parts = [];
    postInRow('p', this.id, `${json}]`);
  }

  /** Asks the host by a numbered message; the answer enters later. */
  ask(name: string, args: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.dead) throw new HostError('host.aborted', 'the call is over');
      const number = this.nextNumber++;
      const json = (jsonStringify(args) as string | undefined) ?? 'null';
      this.answers.set(number, { resolve, reject });
      post('H', this.id, number, `${quote(name)},${json}`);
    });
  }
}

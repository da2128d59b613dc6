import type { PartsBatch, WireAnswer, WirePart, WorkerMessage } from '../protocol.ts';
import type { CoreLink } from './core-link.ts';

/** Parts of a stream, held until the filter has answered to every text among them. */
export class HeldParts {
  readonly #id: number;
  readonly #parts: WirePart[];
  readonly #answers: WireAnswer[] = [];
  readonly #onComplete: () => void;
  #missing: number;

  constructor(id: number, parts: WirePart[], texts: number, onComplete: () => void) {
    this.#id = id;
    this.#parts = parts;
    this.#missing = texts;
    this.#onComplete = onComplete;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }
  get batch(): PartsBatch {
    return this.#answers.length === 0 ? [this.#id, this.#parts] : [this.#id, this.#parts, this.#answers];
  }

  answer(answer: WireAnswer): void {
    this.#answers.push(answer);
    this.#missing -= 1;
    if (this.#missing === 0) this.#onComplete();
  }
  /** The filter is over: the parts go on without its answers, and whoever gets them decides. */
  giveUp(): void {
    this.#missing = 0;
    this.#onComplete();
  }
}

/** What a stream that feeds a filter sends: it leaves in order, parts together with what the filter made of them. */
export class FedParts {
  readonly #link: Pick<CoreLink, 'send' | 'sendParts'>;
  readonly #queue: (HeldParts | WorkerMessage)[] = [];

  constructor(link: Pick<CoreLink, 'send' | 'sendParts'>) {
    this.#link = link;
  }

  hold(id: number, parts: WirePart[], texts: number): HeldParts {
    const held = new HeldParts(id, parts, texts, () => this.#release());
    this.#queue.push(held);
    if (texts === 0) this.#release();
    return held;
  }
  /** A message that waits for nothing but its turn. */
  pass(message: WorkerMessage): void {
    this.#queue.push(message);
    this.#release();
  }

  #release(): void {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      if (first instanceof HeldParts) {
        if (!first.isComplete) return;
        this.#link.sendParts(first.batch);
      } else this.#link.send(first);
      this.#queue.shift();
    }
  }
}

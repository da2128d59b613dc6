/** A message of a stream, held until the filter has answered to every text in it. */
export class HeldParts {
  readonly #json: string;
  readonly #answers: string[] = [];
  readonly #onComplete: () => void;
  #missing: number;

  /** `json` is the message without its last bracket. */
  constructor(json: string, texts: number, onComplete: () => void) {
    this.#json = json;
    this.#missing = texts;
    this.#onComplete = onComplete;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }
  get message(): string {
    return this.#answers.length === 0 ? `${this.#json}]` : `${this.#json},[${this.#answers.join(',')}]]`;
  }

  answer(payload: string): void {
    this.#answers.push(payload);
    this.#missing -= 1;
    if (this.#missing === 0) this.#onComplete();
  }
  /** The filter is over: the parts go on without its answers, and whoever gets them decides. */
  giveUp(): void {
    this.#missing = 0;
    this.#onComplete();
  }
}

/** The messages of a stream that feeds a filter: they leave in order, parts together with what the filter made of them. */
export class FedParts {
  readonly #send: (json: string) => void;
  readonly #queue: HeldParts[] = [];

  constructor(send: (json: string) => void) {
    this.#send = send;
  }

  hold(json: string, texts: number): HeldParts {
    const held = new HeldParts(json, texts, () => this.#release());
    this.#queue.push(held);
    return held;
  }
  /** A message that waits for nothing but its turn. */
  pass(json: string): void {
    if (this.#queue.length === 0) this.#send(json);
    else this.hold(json.slice(0, -1), 0);
  }

  #release(): void {
    while (this.#queue[0]?.isComplete === true) this.#send(this.#queue.shift()!.message);
  }
}

/** Follows a reply made of `index:micros ` tokens: each must come once, in order, whatever pieces the text arrives in. */
export class TokenCheck {
  readonly #onLatency: (ms: number) => void;
  #rest = '';
  received = 0;
  /** What was wrong first, if anything. */
  fault: string | null = null;

  constructor(onLatency: (ms: number) => void) {
    this.#onLatency = onLatency;
  }

  push(text: string): void {
    const now = Number(process.hrtime.bigint() / 1000n);
    const whole = this.#rest + text;
    let start = 0;
    for (let end = whole.indexOf(' ', start); end !== -1; end = whole.indexOf(' ', start)) {
      this.#token(whole.slice(start, end), now);
      start = end + 1;
    }
    this.#rest = whole.slice(start);
  }

  end(expected: number): void {
    if (this.#rest !== '') this.fault ??= `text was left over: ${this.#rest.slice(0, 40)}`;
    if (this.received !== expected) this.fault ??= `${this.received} of ${expected} tokens arrived`;
  }

  #token(token: string, now: number): void {
    const colon = token.indexOf(':');
    if (Number(token.slice(0, colon)) !== this.received) this.fault ??= `token ${this.received} came as ${token}`;
    this.received += 1;
    this.#onLatency((now - parseInt(token.slice(colon + 1), 36)) / 1000);
  }
}

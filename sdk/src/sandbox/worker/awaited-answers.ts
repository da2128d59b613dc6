/** An answer that takes longer to begin is not late by another rest of the worker; one that begins within it would be. */
const eagerMs = 25;

/** Requests whose answer has not begun: while one may come at any moment, somebody waits for a first word. */
export class AwaitedAnswers<Request> {
  readonly #requests: Set<Request> = new Set();
  readonly #now: () => number;
  #askedAt = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  asked(request: Request): void {
    this.#requests.add(request);
    this.#askedAt = this.#now();
  }
  /** Or given up. */
  answered(request: Request): void {
    this.#requests.delete(request);
  }

  get mayComeNow(): boolean {
    return this.#requests.size > 0 && this.#now() - this.#askedAt < eagerMs;
  }
}

/**
 * Ends a request that is silent for too long. One timer per silence, not per event: when it rings, it looks how long ago
 * the last event was and sleeps for the rest.
 */
export class Watch {
  readonly #stop = new AbortController();
  /** For the request: aborted by the turn or by the silence. Made from the turn's own, by which the host knows whose request it is. */
  readonly signal: AbortSignal;
  #limitMs: number;
  #lastMs = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rang = false;

  constructor(outer: AbortSignal, limitMs: number) {
    this.signal = AbortSignal.any([outer, this.#stop.signal]);
    this.#limitMs = limitMs;
    this.#sleep(limitMs);
  }

  /** Whether it was the silence. */
  get rang(): boolean {
    return this.#rang;
  }

  /** Something came. */
  touch(): void {
    this.#lastMs = Date.now();
  }

  /** From now on another silence is too long. */
  allow(limitMs: number): void {
    this.touch();
    if (limitMs === this.#limitMs) return;
    this.#limitMs = limitMs;
    this.#sleep(limitMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), milliseconds);
  }

  #look(): void {
    const left = this.#lastMs + this.#limitMs - Date.now();
    if (left > 0) return this.#sleep(left);
    this.#rang = true;
    this.#stop.abort();
  }
}

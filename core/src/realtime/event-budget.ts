/** How many events one socket may send: a burst, then a steady rate. Two numbers per socket, no timer. */
const BURST = 60;
const PER_SECOND = 30;
/** Refusals in a row of seconds after which a client is not mistaken but hostile or broken. */
const REFUSALS_ALLOWED = 200;

export class EventBudget {
  #left = BURST;
  #refused = 0;
  #seenAtMs = 0;

  /** `refuse`: answer with an error. `disconnect`: it goes on and on. */
  take(nowMs: number): 'ok' | 'refuse' | 'disconnect' {
    const refill = this.#seenAtMs === 0 ? 0 : ((nowMs - this.#seenAtMs) / 1000) * PER_SECOND;
    this.#seenAtMs = nowMs;
    this.#left = Math.min(BURST, this.#left + refill);
    if (this.#left >= 1) {
      this.#left -= 1;
      this.#refused = Math.max(0, this.#refused - 1);
      return 'ok';
    }
    this.#refused += 1;
    return this.#refused > REFUSALS_ALLOWED ? 'disconnect' : 'refuse';
  }
}

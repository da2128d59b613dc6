/** Something that waits to be sent on. */
export interface Flushable {
  flush(): void;
}

const SHORT_MS = 20;
const LONG_MS = 40;
/** A tick that comes this late shows that the process has more to do than it can: then fewer, larger frames. */
const LATE_MS = 10;
/** What is due so soon goes along, so that many turns share their ticks. */
const SOON_MS = 4;

/** One timer for the frames of all turns of the process; it runs only while something waits. */
export class FrameTicker {
  /** With the time each is due. */
  readonly #waiting = new Map<Flushable, number>();
  #timer: NodeJS.Timeout | undefined;
  #tickAt = Number.POSITIVE_INFINITY;
  /** How long a frame lasts: deltas that come sooner after the last one are joined. */
  intervalMs = SHORT_MS;

  /** `lastAt`: when its last frame left, of `performance.now()`. */
  add(flushable: Flushable, lastAt: number): void {
    if (this.#waiting.has(flushable)) return;
    const dueAt = lastAt + this.intervalMs;
    this.#waiting.set(flushable, dueAt);
    if (dueAt < this.#tickAt) this.#tickOn(dueAt);
  }

  remove(flushable: Flushable): void {
    this.#waiting.delete(flushable);
  }

  #tickOn(at: number): void {
    clearTimeout(this.#timer);
    this.#tickAt = at;
    this.#timer = setTimeout(() => this.#tick(), at - performance.now());
  }

  #tick(): void {
    const now = performance.now();
    this.intervalMs = now - this.#tickAt > LATE_MS ? LONG_MS : SHORT_MS;
    this.#tickAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const [flushable, dueAt] of this.#waiting) {
      if (dueAt <= now + SOON_MS) flushable.flush();
      else next = Math.min(next, dueAt);
    }
    if (next < this.#tickAt) this.#tickOn(next);
  }
}

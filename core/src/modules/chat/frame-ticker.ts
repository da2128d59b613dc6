/** Something that waits to be sent on. */
export interface Flushable {
  flush(): void;
}

const SHORT_MS = 20;
const LONG_MS = 40;
/** A tick that comes this late shows that the process has more to do than it can: then fewer, larger frames. */
const LATE_MS = 10;

/** One timer for the frames of all turns of the process; it runs only while something waits. */
export class FrameTicker {
  #waiting = new Set<Flushable>();
  #timer: NodeJS.Timeout | undefined;
  #dueAt = 0;
  /** How long deltas are joined before they travel. */
  intervalMs = SHORT_MS;

  add(flushable: Flushable): void {
    this.#waiting.add(flushable);
    if (this.#timer !== undefined) return;
    this.#dueAt = performance.now() + this.intervalMs;
    this.#timer = setTimeout(() => this.#tick(), this.intervalMs);
  }

  remove(flushable: Flushable): void {
    this.#waiting.delete(flushable);
  }

  #tick(): void {
    this.#timer = undefined;
    this.intervalMs = performance.now() - this.#dueAt > LATE_MS ? LONG_MS : SHORT_MS;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const flushable of waiting) flushable.flush();
  }
}

/** Something that waits to be sent on. */
export interface Flushable {
  flush(): void;
}

const SHORT_MS = 20;
const LONG_MS = 40;
/** A tick that comes this late shows that the process has more to do than it can: then fewer, larger frames. */
const LATE_MS = 10;
/** A frame costs about the same whatever is in it; from so many a second on they would take a fifth of a core. */
const CROWDED_PER_SECOND = 3_000;
/** Longer frames are fewer: that alone is no sign that the crowd has gone. */
const STILL_CROWDED_PER_SECOND = CROWDED_PER_SECOND / 2;
const COUNT_OVER_MS = 500;
/** What is due so soon goes along, so that many turns share their ticks. */
const SOON_MS = 4;

/** One timer for the frames of all turns of the process; it runs only while something waits. */
export class FrameTicker {
  /** With the time each is due. */
  readonly #waiting = new Map<Flushable, number>();
  #timer: NodeJS.Timeout | undefined;
  #tickAt = Number.POSITIVE_INFINITY;
  #isLate = false;
  #isCrowded = false;
  #frames = 0;
  #countedFrom = performance.now();

  /** How long a frame lasts: deltas that come sooner after the last one are joined. */
  get intervalMs(): number {
    return this.#isLate || this.#isCrowded ? LONG_MS : SHORT_MS;
  }

  /** A frame of some turn has left. */
  left(now: number): void {
    this.#frames++;
    const over = now - this.#countedFrom;
    if (over < COUNT_OVER_MS) return;
    const crowd = this.#isCrowded ? STILL_CROWDED_PER_SECOND : CROWDED_PER_SECOND;
    this.#isCrowded = this.#frames * 1_000 >= crowd * over;
    this.#frames = 0;
    this.#countedFrom = now;
  }

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
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, at - performance.now()));
  }

  #tick(): void {
    const now = performance.now();
    this.#isLate = now - this.#tickAt > LATE_MS;
    this.#tickAt = Number.POSITIVE_INFINITY;
    let next = Number.POSITIVE_INFINITY;
    for (const [flushable, dueAt] of this.#waiting) {
      if (dueAt <= now + SOON_MS) flushable.flush();
      else next = Math.min(next, dueAt);
    }
    if (next < this.#tickAt) this.#tickOn(next);
  }
}

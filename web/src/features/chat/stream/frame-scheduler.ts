/** A frame this long means the page is behind; then every second one is left to the browser. */
const longFrameMs = 20;

export interface FrameClock {
  request(callback: (now: number) => void): void;
}
const pageClock: FrameClock = { request: (callback) => void requestAnimationFrame(callback) };

/** One commit to the screen per frame for everything that streams, however many frames of text arrive. */
export class FrameScheduler {
  readonly #dirty = new Set<() => void>();
  readonly #clock: FrameClock;
  #scheduled = false;
  #last = 0;
  #skipped = false;

  constructor(clock: FrameClock = pageClock) {
    this.#clock = clock;
  }

  /** `commit` runs once in the next frame, also when it is marked many times until then. */
  mark(commit: () => void): void {
    this.#dirty.add(commit);
    this.#schedule();
  }

  forget(commit: () => void): void {
    this.#dirty.delete(commit);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.request(this.#frame);
  }

  readonly #frame = (now: number): void => {
    this.#scheduled = false;
    // Pauses between bursts are no long frames.
    const took = now - this.#last;
    const behind = took > longFrameMs && took < 5 * longFrameMs;
    this.#last = now;
    if (behind && !this.#skipped) {
      this.#skipped = true;
      this.#schedule();
      return;
    }
    this.#skipped = false;
    const commits = [...this.#dirty];
    this.#dirty.clear();
    for (const commit of commits) commit();
  };
}

export const frames = new FrameScheduler();

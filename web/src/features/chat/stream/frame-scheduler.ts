const frameMs = 1000 / 60;
/** On a slow machine a commit costs the frames after it; this many times as long the page is left to scrolling and typing, so one frame in seven is lost. */
const restFactor = 6;
/** Text that comes later than this would seem to stutter. */
const longestRestMs = 100;

export interface FrameClock {
  request(callback: (now: number) => void): void;
  /** Waits without frames: a frame in which nothing changes costs as well. */
  wait(ms: number, callback: () => void): void;
}
const pageClock: FrameClock = {
  request: (callback) => void requestAnimationFrame(callback),
  wait: (ms, callback) => void setTimeout(callback, ms),
};

/** One commit to the screen per frame for everything that streams, however many frames of text arrive; fewer while the page is behind. */
export class FrameScheduler {
  readonly #dirty = new Set<() => void>();
  readonly #clock: FrameClock;
  #scheduled = false;
  /** When the last commit began, until the frame after it tells what it cost. */
  #committedAt: number | null = null;

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
    const restMs = this.#committedAt === null ? 0 : restAfter(now - this.#committedAt);
    this.#committedAt = null;
    if (restMs > 0) return this.#rest(restMs);
    if (this.#dirty.size === 0) return;
    const commits = [...this.#dirty];
    this.#dirty.clear();
    for (const commit of commits) commit();
    this.#committedAt = now;
    this.#schedule();
  };

  #rest(ms: number): void {
    this.#scheduled = true;
    this.#clock.wait(ms, () => {
      this.#scheduled = false;
      if (this.#dirty.size > 0) this.#schedule();
    });
  }
}

function restAfter(tookMs: number): number {
  const missed = Math.max(0, Math.round(tookMs / frameMs) - 1);
  return Math.min(missed * frameMs * restFactor, longestRestMs);
}

export const frames = new FrameScheduler();

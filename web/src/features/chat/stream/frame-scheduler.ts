const frameMs = 1000 / 60;
/** A frame that took longer than this came too late. */
const keepsUpMs = 20;
/** On a slow machine a commit costs the frames after it; this many times as long the page is left to scrolling and typing, so one frame in seven is lost. */
const restFactor = 6;
/** Text that comes later than this would seem to stutter. */
const longestRestMs = 100;

export interface FrameClock {
  now(): number;
  request(callback: () => void): void;
  /** Calls when the frame that is being made is drawn. Asking for one more frame would tell it too, and cost as much again. */
  drawn(callback: () => void): void;
  /** Waits without frames: a frame in which nothing changes costs as well. */
  wait(ms: number, callback: () => void): void;
}

/** A message sent while a frame is made is heard when the frame is done. */
function pageClock(): FrameClock {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  return {
    now: () => performance.now(),
    request: (callback) => void requestAnimationFrame(callback),
    drawn: (callback) => {
      port1.addEventListener('message', callback, { once: true });
      port2.postMessage(null);
    },
    wait: (ms, callback) => void setTimeout(callback, ms),
  };
}

/** One commit to the screen per frame for everything that streams, however many frames of text arrive; fewer while the page is behind. */
export class FrameScheduler {
  readonly #dirty = new Set<() => void>();
  readonly #clock: FrameClock;
  /** A frame is asked for, is being made, or is rested from. */
  #engaged = false;
  #beganAt = 0;

  constructor(clock: FrameClock = pageClock()) {
    this.#clock = clock;
  }

  /** `commit` runs once in the next frame, also when it is marked many times until then. */
  mark(commit: () => void): void {
    this.#dirty.add(commit);
    this.#request();
  }

  forget(commit: () => void): void {
    this.#dirty.delete(commit);
  }

  #request(): void {
    if (this.#engaged) return;
    this.#engaged = true;
    this.#clock.request(this.#frame);
  }

  readonly #frame = (): void => {
    this.#beganAt = this.#clock.now();
    const commits = [...this.#dirty];
    this.#dirty.clear();
    for (const commit of commits) commit();
    this.#clock.drawn(this.#drawn);
  };

  readonly #drawn = (): void => {
    const restMs = restAfter(this.#clock.now() - this.#beganAt);
    if (restMs === 0) this.#free();
    else this.#clock.wait(restMs, this.#free);
  };

  readonly #free = (): void => {
    this.#engaged = false;
    if (this.#dirty.size > 0) this.#request();
  };
}

/**
 * Every second frame, as for a page that is only a little behind, would still lose one in three when each commit costs two:
 * the rest grows with what was lost.
 */
function restAfter(tookMs: number): number {
  if (tookMs <= keepsUpMs) return 0;
  return Math.min(Math.floor(tookMs / frameMs) * frameMs * restFactor, longestRestMs);
}

export const frames = new FrameScheduler();

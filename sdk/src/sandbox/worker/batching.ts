import type { CallContext } from './call-context.ts';

/**
 * When what came for the plugins enters them: at once after a pause, and then in a beat, so that the tokens of many streams share an
 * entry and a frame. Measured after a few idle milliseconds, waking up costs about 100 µs, an entry 80 µs and a frame as much again,
 * whatever is in them; a token in a full one costs 5 µs. So the more come, the longer the beat.
 */
const shortestBeatMs = 4;
/** Pieces in one round from which a longer beat pays, the longest first: 50 streams of 30 tokens a second reach none, 200 the first. */
const beats = [
  { from: 72, ms: 24 },
  { from: 12, ms: 16 },
];
/** A round that takes longer is cut: slow plugins must not keep the worker from its pipes, its clocks and its sign of life. */
const turnMs = 20;
/** Nobody ever wakes who sleeps here; time does. */
const bed = new Int32Array(new SharedArrayBuffer(4));

export class Batching {
  readonly #enter: (context: CallContext, batch: string, bodies: string) => void;
  readonly #afterRound: () => void;
  readonly #mayRun: () => boolean;
  readonly #mayRest: () => boolean;
  #waiting: Set<CallContext> = new Set();
  #urgent: Set<CallContext> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #lastRound = 0;
  #beatMs = shortestBeatMs;
  #isResting = false;
  #wokeAt = 0;

  constructor(options: {
    enter(context: CallContext, batch: string, bodies: string): void;
    afterRound(): void;
    mayRun(): boolean;
    /** Nobody waits for a first word that may come at any moment. */
    mayRest(): boolean;
  }) {
    this.#enter = options.enter;
    this.#afterRound = options.afterRound;
    this.#mayRun = options.mayRun;
    this.#mayRest = options.mayRest;
  }

  /** From the network: joins the next round; `atOnce` does not wait for the beat. */
  add(context: CallContext, atOnce = false): void {
    this.#waiting.add(context);
    if (atOnce && this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (this.#timer !== undefined || this.#isDue) return;
    const rest = atOnce ? 0 : this.#lastRound + this.#beatMs - performance.now();
    if (rest >= 1) this.#timer = setTimeout(() => this.run(), rest);
    else this.#soon();
  }
  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.run());
  }

  /** What has been batched already, by the core or by a round: enters at the end of this frame or round. */
  addUrgent(context: CallContext): void {
    this.#urgent.add(context);
  }
  runUrgent(): void {
    if (this.#urgent.size === 0) return;
    this.#deliverUrgent(performance.now() + turnMs);
    this.#afterRound();
  }
  #deliverUrgent(until: number): void {
    for (const context of this.#urgent) {
      this.#urgent.delete(context);
      this.#waiting.delete(context);
      this.#deliver(context);
      if (performance.now() > until) break;
    }
    if (this.#urgent.size > 0) setImmediate(() => this.runUrgent());
  }

  run(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDue = false;
    // A core that can't keep up gets fewer and fuller frames instead of a growing queue.
    if (!this.#mayRun()) return;
    this.#lastRound = performance.now();
    const until = this.#lastRound + turnMs;
    // What joins meanwhile waits for the next round.
    const contexts = this.#waiting;
    this.#waiting = new Set();
    let pieces = 0;
    for (const context of contexts) {
      contexts.delete(context);
      pieces += context.waiting;
      this.#deliver(context);
      if (performance.now() > until) break;
    }
    this.#deliverUrgent(until);
    this.#beatMs = beats.find(({ from }) => pieces >= from)?.ms ?? shortestBeatMs;
    this.#afterRound();
    if (contexts.size === 0) {
      if (this.#beatMs > shortestBeatMs && this.#mayRest()) this.#rest();
      return;
    }
    // Those that had no turn come first in the next one.
    this.#waiting = new Set([...contexts, ...this.#waiting]);
    this.#soon();
  }

  /**
   * While many streams trickle, waking up for every token costs as much as the token. So the thread sleeps for what is left of the beat
   * and then reads all that came meanwhile in one go, as network cards do under load. Worker threads that are busy never get here.
   */
  #rest(): void {
    if (this.#isResting) return;
    this.#isResting = true;
    this.#isDue = true;
    // Not before this turn of the loop has written what it has to write.
    setImmediate(() => {
      const left = this.#wokeAt + this.#beatMs - performance.now();
      if (left >= 1) Atomics.wait(bed, 0, 0, left);
      this.#wokeAt = performance.now();
      this.#isResting = false;
      // The sockets are read before it.
      setImmediate(() => this.run());
    });
  }

  #deliver(context: CallContext): void {
    const pending = context.takePending();
    if (pending !== undefined) this.#enter(context, pending.batch, pending.bodies);
  }
}

import type { CallContext } from './call-context.ts';

/**
 * When what came for the plugins enters them. A quiet worker delivers at once. A busy one waits a few milliseconds, so that the tokens
 * of many streams share an entry and a frame: an entry costs about 8 µs and a frame 20 µs, whatever is in them.
 */
const busyCadenceMs = 5;
/** Contexts and messages in one round from which a worker counts as busy. */
const busyMessages = 4;
/** A round that takes longer is cut: slow plugins must not keep the worker from its pipes, its clocks and its sign of life. */
const turnMs = 20;

export class Batching {
  readonly #enter: (context: CallContext, batch: string) => void;
  readonly #afterRound: () => void;
  readonly #mayRun: () => boolean;
  #waiting: Set<CallContext> = new Set();
  #urgent: Set<CallContext> = new Set();
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #lastRound = 0;
  #wasBusy = false;

  constructor(options: { enter(context: CallContext, batch: string): void; afterRound(): void; mayRun(): boolean }) {
    this.#enter = options.enter;
    this.#afterRound = options.afterRound;
    this.#mayRun = options.mayRun;
  }

  /** From the network: joins the next round. */
  add(context: CallContext): void {
    this.#waiting.add(context);
    if (this.#timer !== undefined) return;
    const rest = this.#wasBusy ? this.#lastRound + busyCadenceMs - performance.now() : 0;
    this.#timer = rest < 1 ? setImmediate(() => this.run()) : setTimeout(() => this.run(), rest);
  }

  /** From the core, which has batched already: enters by `runUrgent` at the end of this frame. */
  addUrgent(context: CallContext): void {
    this.#urgent.add(context);
  }
  runUrgent(): void {
    if (this.#urgent.size === 0) return;
    const until = performance.now() + turnMs;
    for (const context of this.#urgent) {
      this.#urgent.delete(context);
      this.#waiting.delete(context);
      this.#deliver(context);
      if (performance.now() > until) break;
    }
    this.#afterRound();
    if (this.#urgent.size > 0) setImmediate(() => this.runUrgent());
  }

  run(): void {
    this.#timer = undefined;
    // A core that can't keep up gets fewer and fuller frames instead of a growing queue.
    if (!this.#mayRun()) return;
    const until = performance.now() + turnMs;
    // What joins meanwhile waits for the next round.
    const contexts = this.#waiting;
    this.#waiting = new Set();
    let messages = 0;
    for (const context of contexts) {
      contexts.delete(context);
      messages += context.pending.length + context.arrived.size;
      this.#deliver(context);
      if (performance.now() > until) break;
    }
    this.#wasBusy = messages >= busyMessages;
    this.#lastRound = performance.now();
    this.#afterRound();
    if (contexts.size === 0) return;
    // Those that had no turn come first in the next one.
    this.#waiting = new Set([...contexts, ...this.#waiting]);
    this.#timer ??= setImmediate(() => this.run());
  }

  #deliver(context: CallContext): void {
    const batch = context.takePending();
    if (batch !== '') this.#enter(context, batch);
  }
}

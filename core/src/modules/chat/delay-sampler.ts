import type { RunningTurn } from './running-turn.ts';

/** Arrivals between two that are measured: many enough in a second to see a distribution, too few to cost anything. */
const EVERY = 64;

/** Measures how long content is in our hands: from the batch a worker hands over until it leaves for those who watch. */
export class DelaySampler {
  readonly #delayed: (seconds: number) => void;
  #left = EVERY;

  constructor(delayed: (seconds: number) => void) {
    this.#delayed = delayed;
  }

  /** For every batch of every turn, so it counts down and mostly does nothing else. */
  arrived(turn: Pick<RunningTurn, 'output'>): void {
    if (--this.#left > 0) return;
    this.#left = EVERY;
    const since = performance.now();
    turn.output.onNextLeaving(() => this.#delayed((performance.now() - since) / 1000));
  }
}

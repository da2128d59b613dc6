import { waitAtMost } from './wait-at-most.ts';

type OnError = (error: unknown) => void;

/** Work that nobody waits for while the process runs, and that must not outlive what it stands on. */
export class BackgroundWork {
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #isOver = false;

  /** `work` hears of the stop through its signal. After a stop it is not begun at all, quietly: nobody waits for it. */
  run(work: (signal: AbortSignal) => Promise<unknown>, onError: OnError): void {
    if (this.#stopping.signal.aborted) return;
    const task = this.#attempt(work, onError).finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  /** Resolves when all work is done, or has had `withinMs`. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping.abort();
    await waitAtMost(Promise.all(this.#running), withinMs);
    this.#isOver = true;
  }

  async #attempt(work: (signal: AbortSignal) => Promise<unknown>, onError: OnError): Promise<void> {
    try {
      await work(this.#stopping.signal);
    } catch (error) {
      // What was left behind fails because everything under it is closed; that says nothing of the work.
      if (!this.#isOver) onError(error);
    }
  }
}

/**
 * Reads of something that events change too: one after another, and what happens while an answer is on its way, which may be older, is
 * done over it.
 */
export class Reading {
  #last: Promise<void> = Promise.resolve();
  #asked = 0;
  #kept: (() => void)[] = [];

  /** An answer is on its way: whatever happens now must be kept for it. */
  get isOpen(): boolean {
    return this.#asked > 0;
  }

  keep(apply: () => void): void {
    this.#kept.push(apply);
  }

  /** `read` asks and takes the answer. Fails as it does; the next one does not mind. */
  run(read: () => Promise<void>): Promise<void> {
    this.#asked++;
    const done = this.#last.then(() => this.#one(read));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #one(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } finally {
      this.#asked--;
      const kept = this.#kept;
      this.#kept = [];
      for (const apply of kept) apply();
    }
  }
}

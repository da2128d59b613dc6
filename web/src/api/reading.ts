/**
 * Reads of something that events change too: one after another, and what happens while an answer is on its way, which may be older, is
 * done over it.
 */
export class Reading {
  #last: Promise<void> = Promise.resolve();
  #asked = 0;
  #kept: (() => void)[] = [];

  /** Done at once, and again over an answer that was asked for before it. */
  happened(apply: () => void): void {
    if (this.#asked > 0) this.#kept.push(apply);
    apply();
  }

  /** As `happened`, for what would not make sense before the answer, or twice: done over it alone. */
  whenRead(apply: () => void): void {
    if (this.#asked > 0) this.#kept.push(apply);
    else apply();
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

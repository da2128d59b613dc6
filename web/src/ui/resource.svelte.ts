/** Something read from the server: nothing yet, an error, or a value that a failed refresh does not take away. */
export class Resource<T> {
  #value = $state.raw<T>();
  #error = $state.raw<unknown>(null);
  #asked = 0;
  readonly #read: () => Promise<T>;

  constructor(read: () => Promise<T>) {
    this.#read = read;
    void this.load();
  }

  get value(): T | undefined {
    return this.#value;
  }
  /** Null while all is well. */
  get error(): unknown {
    return this.#error;
  }

  /** What an answer to a change already told. */
  set(value: T): void {
    this.#asked++;
    this.#value = value;
    this.#error = null;
  }

  /** An answer that was overtaken by a newer one is dropped. */
  load = async (): Promise<void> => {
    const asked = ++this.#asked;
    try {
      const value = await this.#read();
      if (asked === this.#asked) this.set(value);
    } catch (error) {
      if (asked === this.#asked) this.#error = error;
    }
  };
}

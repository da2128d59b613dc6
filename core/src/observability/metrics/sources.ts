/** Where values come from that are only asked for when somebody looks. */
export class Sources<T> {
  readonly #reads = new Set<() => T>();

  /** Returns the undo. */
  readonly watch = (read: () => T): (() => void) => {
    this.#reads.add(read);
    return () => void this.#reads.delete(read);
  };

  read(): T[] {
    return [...this.#reads].map((read) => read());
  }
}

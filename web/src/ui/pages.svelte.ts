import { Resource } from './resource.svelte.ts';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A list that comes page by page; its value is all that has come so far. */
export class Pages<T> extends Resource<Page<T>> {
  #busy = $state(false);
  #problem = $state.raw<unknown>(null);
  readonly #ask: (cursor?: string) => Promise<Page<T>>;

  constructor(ask: (cursor?: string) => Promise<Page<T>>) {
    super(() => ask());
    this.#ask = ask;
  }

  get busy(): boolean {
    return this.#busy;
  }
  /** Why the next page did not come; null while all is well. */
  get problem(): unknown {
    return this.#problem;
  }

  more = async (): Promise<void> => {
    const before = this.value;
    if (!before?.nextCursor || this.#busy) return;
    this.#busy = true;
    this.#problem = null;
    try {
      const next = await this.#ask(before.nextCursor);
      // Loaded anew meanwhile: this page continues a list that is gone.
      if (this.value === before) this.set({ ...next, items: [...before.items, ...next.items] });
    } catch (error) {
      this.#problem = error;
    } finally {
      this.#busy = false;
    }
  };
}

/** Whoever writes a line, with what is to be put behind its message. */
type Write = (suffix: string) => void;

interface Held {
  count: number;
  last: Write | null;
}

const WINDOW_MS = 1_000;
/** More classes at once than these share one: names that come from outside must not fill the memory. */
const MAX_CLASSES = 500;
const OVERFLOW = '';

/**
 * Lets one line of a class through in a second. Of those that follow within it the last is written when the second is over,
 * and says how many more there were.
 */
export class LogLimiter {
  readonly #classes = new Map<string, Held>();

  pass(name: string, write: Write): void {
    const isNew = !this.#classes.has(name);
    const known = isNew && this.#classes.size >= MAX_CLASSES ? OVERFLOW : name;
    const held = this.#classes.get(known);
    if (held === undefined) {
      write('');
      this.#open(known);
    } else {
      held.count += 1;
      held.last = write;
    }
  }

  /** Writes what is held back, before the process ends. */
  flush(): void {
    for (const held of this.#classes.values()) this.#release(held);
  }

  #open(name: string): void {
    const held: Held = { count: 0, last: null };
    this.#classes.set(name, held);
    const close = () => {
      if (held.last === null) this.#classes.delete(name);
      else {
        this.#release(held);
        setTimeout(close, WINDOW_MS).unref();
      }
    };
    setTimeout(close, WINDOW_MS).unref();
  }

  #release(held: Held): void {
    const { last, count } = held;
    held.last = null;
    held.count = 0;
    if (last !== null) last(count > 1 ? ` … ${count - 1} more in the last second` : '');
  }
}

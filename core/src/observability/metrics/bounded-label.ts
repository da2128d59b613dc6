const OTHER = 'other';

/** Values of a label that come from outside: each new one is a new series for ever, so only known and only so many count by name. */
export class BoundedLabel {
  readonly #seen = new Set<string>();
  readonly #maxValues: number;
  isKnown: (value: string) => boolean = () => true;

  constructor(maxValues: number) {
    this.#maxValues = maxValues;
  }

  /** The value, or `other`. One that was known once keeps its series. */
  of(value: string): string {
    if (this.#seen.has(value)) return value;
    if (this.#seen.size >= this.#maxValues || !this.isKnown(value)) return OTHER;
    this.#seen.add(value);
    return value;
  }
}

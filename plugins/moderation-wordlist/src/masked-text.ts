/** Text on its way out: kept from `base` on, with the stretches of it that are to be masked. */
export class MaskedText {
  #text = '';
  #base = 0;
  #stretches: { start: number; end: number }[] = [];
  readonly #maskCharacter: string;

  constructor(maskCharacter: string) {
    this.#maskCharacter = maskCharacter;
  }

  get base(): number {
    return this.#base;
  }
  get end(): number {
    return this.#base + this.#text.length;
  }

  append(text: string): void {
    this.#text += text;
  }

  /** What comes from the position on. */
  from(position: number): string {
    return this.#text.slice(position - this.#base);
  }

  mask(start: number, end: number): void {
    this.#stretches.push({ start, end });
  }

  /** Moves a position that would cut a character in two behind it. */
  wholeCharacter(position: number): number {
    const unit = this.#text.charCodeAt(position - this.#base);
    return unit >= 0xdc00 && unit <= 0xdfff ? position + 1 : position;
  }

  /** Gives out all up to the position. */
  takeUntil(position: number): string {
    const length = Math.max(0, position - this.#base);
    const plain = this.#text.slice(0, length);
    const text = this.#stretches.length === 0 ? plain : this.#masked(plain);
    this.#text = this.#text.slice(length);
    this.#base += length;
    if (this.#stretches.length > 0) this.#stretches = this.#stretches.filter(({ end }) => end > this.#base);
    return text;
  }

  #masked(plain: string): string {
    const end = this.#base + plain.length;
    let text = '';
    let at = this.#base;
    for (const stretch of this.#stretches.toSorted((a, b) => a.start - b.start)) {
      const from = Math.max(stretch.start, at);
      const to = Math.min(stretch.end, end);
      if (from >= to) continue;
      text += plain.slice(at - this.#base, from - this.#base);
      // One mark per character, not per half of one.
      const characters = Array.from(plain.slice(from - this.#base, to - this.#base)).length;
      text += this.#maskCharacter.repeat(characters);
      at = to;
    }
    return text + plain.slice(at - this.#base);
  }
}

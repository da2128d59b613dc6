/** Latin, Greek, Cyrillic, Hebrew, Arabic: for what lies above, a table would be larger than what it saves. */
const commonSymbols = 0x800;
const unknown = 0;
const begins = 1;

/** Whether a match may begin with a symbol at all: asked for each character of each text, and found out once. */
export class FirstSymbols {
  readonly #known = new Uint8Array(commonSymbols);
  readonly #canBegin: (symbol: number) => boolean;

  constructor(canBegin: (symbol: number) => boolean) {
    this.#canBegin = canBegin;
  }

  mayBegin(symbol: number): boolean {
    if (symbol < 0 || symbol >= commonSymbols) return true;
    const known = this.#known[symbol];
    if (known !== unknown) return known === begins;
    const can = this.#canBegin(symbol);
    this.#known[symbol] = can ? begins : begins + 1;
    return can;
  }
}

import { type Fold, isWordBorder, noSymbol } from './characters.ts';
import type { Matcher } from './matcher.ts';

/** Latin, Greek, Cyrillic, Hebrew, Arabic: what lies above is read one by one. */
const commonCharacters = 0x800;

/** Its class is known. */
const knownBit = 1;
/** No match begins with it: anywhere, or right behind another character of the same word. */
const plainBit = 2;
const plainInsideBit = 4;
/** Part of a word in a script that puts something between words. */
const joinsBit = 8;

/** Any two that join words and look different to an assertion. */
const insiders = [0x61, 0xe9];

/**
 * Which characters need no reading while no match is under way: for each of the common ones found out once. Most rules are whole words,
 * so that most characters of most texts are passed over whatever they are, because they stand inside of a word.
 */
export class PlainCharacters {
  readonly #readings: readonly { fold: Fold | undefined; matchers: readonly Matcher[] }[];
  readonly #classes = new Uint8Array(commonCharacters);

  constructor(readings: readonly { fold: Fold | undefined; createMatchers(): Matcher[] }[]) {
    this.#readings = readings.map(({ fold, createMatchers }) => ({ fold, matchers: createMatchers() }));
  }

  /** Where the run of them that begins here ends; `before` stands in front of it, `noSymbol` at the border of the text. */
  endOfRun(text: string, from: number, before: number): number {
    let joins = this.#classOf(before) & joinsBit;
    let at = from;
    for (; at < text.length; at++) {
      const found = this.#classOf(text.charCodeAt(at));
      if ((found & ((found & joins) === 0 ? plainBit : plainInsideBit)) === 0) break;
      joins = found & joinsBit;
    }
    return at;
  }

  #classOf(character: number): number {
    if (character < 0 || character >= commonCharacters) return 0;
    return this.#classes[character] || (this.#classes[character] = knownBit | this.#find(character));
  }

  #find(character: number): number {
    let bits = plainBit | plainInsideBit | joinsBit;
    for (const { fold, matchers } of this.#readings) {
      const symbols = fold === undefined ? [character] : fold(character);
      const [symbol = noSymbol] = symbols;
      if (symbols.length !== 1) return 0;
      if (isWordBorder(symbol, symbol)) bits &= ~joinsBit;
      if (matchers.some((matcher) => matcher.mayBegin(symbol))) bits &= ~plainBit;
      if (matchers.some((matcher) => insiders.some((before) => matcher.mayBegin(symbol, before))))
        bits &= ~plainInsideBit;
    }
    return bits;
  }
}

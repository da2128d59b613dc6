/**
 * How characters count for the lists. Everything here looks at one code point at a time, never at its neighbours: that is
 * what makes a result independent of how the text was cut.
 */

/** Stands for "no character": the border of the text. */
export const noSymbol = -1;
export const space = 0x20;

/** Parts of a word in scripts that put something between words. Han, kana, Thai and their like have no word borders. */
const joins =
  /^(?=[\p{L}\p{N}\p{M}_])(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])/u;
const letter = /^[\p{L}\p{N}\p{M}_]/u;
const mark = /^\p{M}/u;
const blank = /^\s/u;
/** Zero-width spaces, joiners, soft hyphens, variation selectors: nobody sees them, so nobody may hide behind them. */
const invisible = /^\p{Default_Ignorable_Code_Point}/u;

const isLetterBit = 1;
const joinsBit = 2;
const isMarkBit = 4;
const knownBit = 8;
const classes = new Uint8Array(0x10000);

function classOf(symbol: number): number {
  const known = symbol < 0x10000 ? (classes[symbol] ?? 0) : 0;
  if (known !== 0) return known;
  const text = String.fromCodePoint(symbol);
  const found =
    knownBit |
    (letter.test(text) ? isLetterBit : 0) |
    (joins.test(text) ? joinsBit : 0) |
    (mark.test(text) ? isMarkBit : 0);
  if (symbol < 0x10000) classes[symbol] = found;
  return found;
}

/** Whether `*` may stand for it. */
export function isLetter(symbol: number): boolean {
  return symbol >= 0 && (classOf(symbol) & isLetterBit) !== 0;
}

/** An accent that belongs to the character before it. */
export function isMark(symbol: number): boolean {
  return symbol >= 0 && (classOf(symbol) & isMarkBit) !== 0;
}

/** Whether a word can begin or end between the two. */
export function isWordBorder(before: number, after: number): boolean {
  return before < 0 || after < 0 || (classOf(before) & classOf(after) & joinsBit) === 0;
}

export type Fold = (codePoint: number) => readonly number[];

/**
 * What a character is compared by: compatibility forms taken apart (fullwidth letters, ligatures, precomposed accents),
 * every blank as a space, invisible ones as nothing. Hangul syllables stay whole, or one would match the beginning of another.
 */
export const foldKeepingCase: Fold = cached((codePoint) => {
  const text = String.fromCodePoint(codePoint);
  if (invisible.test(text)) return [];
  if (blank.test(text)) return [space];
  if (codePoint >= 0xac00 && codePoint <= 0xd7a3) return [codePoint];
  return symbolsOf(text.normalize('NFKD'));
});

/** As above, and through upper case to lower case: so do ß and SS meet, and all three sigmas. */
export const foldCase: Fold = cached((codePoint) =>
  foldKeepingCase(codePoint).flatMap((symbol) =>
    symbolsOf(String.fromCodePoint(symbol).toUpperCase()).flatMap((upper) =>
      symbolsOf(String.fromCodePoint(upper).toLowerCase()).flatMap(foldKeepingCase),
    ),
  ),
);

function cached(fold: Fold): Fold {
  // A plain list for the common ones: it is read for each character of each text.
  const common: (readonly number[] | undefined)[] = [];
  const rare = new Map<number, readonly number[]>();
  return (codePoint) => {
    const known = codePoint < 0x800 ? common[codePoint] : rare.get(codePoint);
    if (known !== undefined) return known;
    const symbols = fold(codePoint);
    if (codePoint < 0x800) common[codePoint] = symbols;
    else rare.set(codePoint, symbols);
    return symbols;
  };
}

function symbolsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** A whole pattern, folded as text is: runs of blanks are one space. */
export function foldText(text: string, fold: Fold): number[] {
  const symbols: number[] = [];
  for (const character of text.trim()) {
    for (const symbol of fold(character.codePointAt(0) ?? 0)) {
      if (symbol !== space || symbols.at(-1) !== space) symbols.push(symbol);
    }
  }
  return symbols;
}

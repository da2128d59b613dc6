/** Hears of a match; `end` is the text position behind it. */
export type OnMatch = (rule: number, start: number, end: number) => void;

/**
 * Reads text one symbol at a time. A match is reported when the symbol behind it is known, since that one decides
 * about word borders; until then, and while a match is only possible, its text must not be let go.
 */
export interface Matcher {
  /** `next` follows what was read so far; `noSymbol` at a border. Reports what ends here. */
  settle(next: number, onMatch: OnMatch): void;
  /** Reads the symbol that was announced; it stands at `from` to `to` in the text. */
  read(symbol: number, from: number, to: number): void;
  /** Whether a match may begin with the symbol; with `before`, right behind that one. False is certain, true may be guessed. */
  mayBegin(symbol: number, before?: number): boolean;
  /** Whether no match is under way. Only then `skip` may stand for any number of symbols that none begins with. */
  isIdle(): boolean;
  /** The last of the symbols that were passed over. */
  skip(symbol: number, from: number, to: number): void;
  /** Position of the earliest character that a match may still begin with; infinity when there is none. */
  holdFrom(): number;
}

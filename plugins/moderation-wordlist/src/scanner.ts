import { type Fold, noSymbol, space } from './characters.ts';
import type { WordList } from './compile.ts';
import { MaskedText } from './masked-text.ts';
import type { Matcher, OnMatch } from './matcher.ts';
import type { Rule } from './rule.ts';

/**
 * How far back a match can reach. The manifest declares a little more, for the halves of characters at the cuts. What a
 * match covers beyond that has been let go already: the rule still holds, but only its last part is masked.
 */
export const longestReach = 500;

export interface ScanResult {
  text: string;
  block?: Rule;
  /** The first rule of the whole text that flags, told once. */
  flag?: Rule;
}
interface Hit {
  rule: number;
  start: number;
  end: number;
}
interface Reader {
  fold: Fold | undefined;
  matchers: Matcher[];
  afterSpace: boolean;
}

/**
 * Reads a text in pieces and lets go what no rule can touch any more. All decisions are taken character by character and
 * look at nothing but the text so far, so the pieces don't matter: a whole text is just one large piece.
 */
export class Scanner {
  readonly #list: WordList;
  readonly #text: MaskedText;
  readonly #readers: Reader[];
  readonly #matchers: Matcher[];
  readonly #onMatch: OnMatch = (rule, start, end) => this.#hits.push({ rule, start, end });
  #hits: Hit[] = [];
  #position = 0;
  /** What was read last, as a unit of the text. */
  #before = noSymbol;
  #flagged = false;
  #blocked = false;
  #masking: Rule | undefined;

  constructor(list: WordList) {
    this.#list = list;
    this.#text = new MaskedText(list.maskCharacter);
    this.#readers = list.readings.map(({ fold, createMatchers }) => ({
      fold,
      matchers: createMatchers(),
      afterSpace: false,
    }));
    this.#matchers = this.#readers.flatMap(({ matchers }) => matchers);
  }

  /** The first rule that masked something. */
  get masking(): Rule | undefined {
    return this.#masking;
  }

  push(text: string): ScanResult {
    if (this.#blocked) return { text: '' };
    if (this.#readers.length === 0) return { text };
    this.#text.append(text);
    return this.#read(this.#text.end) ?? this.#letGo(Math.min(this.#held(), this.#position));
  }

  end(): ScanResult {
    if (this.#blocked) return { text: '' };
    const stopped = this.#read(Number.POSITIVE_INFINITY);
    if (stopped) return stopped;
    for (const { matchers } of this.#readers) {
      for (const matcher of matchers) matcher.settle(noSymbol, this.#onMatch);
    }
    return this.#act() ?? this.#letGo(this.#text.end);
  }

  #flag: Rule | undefined;

  /** Reads all that is there, except for the first half of a character whose second half is to come before `end`. */
  #read(end: number): ScanResult | undefined {
    const start = this.#position;
    const text = this.#text.from(start);
    const stopped = this.#readText(text, start, end);
    if (this.#position > start) this.#before = text.charCodeAt(this.#position - start - 1);
    return stopped;
  }

  #readText(text: string, start: number, end: number): ScanResult | undefined {
    while (this.#position < start + text.length) {
      if (this.#isIdle()) this.#passOver(text, start);
      const character = text.codePointAt(this.#position - start);
      if (character === undefined) return undefined;
      const isHalf = character >= 0xd800 && character <= 0xdbff;
      if (isHalf && this.#position + 1 === end) return undefined;
      const next = this.#position + (character > 0xffff ? 2 : 1);
      for (const reader of this.#readers) this.#readCharacter(reader, character, next);
      if (this.#hits.length > 0) {
        const stopped = this.#act();
        if (stopped) return stopped;
      }
      this.#position = next;
    }
    return undefined;
  }

  /**
   * Most characters of most texts begin nothing. While no match is under way, a run of them counts as its last one: that is the only
   * one of them that anybody will look at.
   */
  #passOver(text: string, start: number): void {
    const from = this.#position - start;
    const to = this.#list.plain.endOfRun(text, from, from === 0 ? this.#before : text.charCodeAt(from - 1));
    if (to === from) return;
    const last = text.charCodeAt(to - 1);
    for (const reader of this.#readers) {
      const symbol = reader.fold === undefined ? last : reader.fold(last)[0]!;
      for (const matcher of reader.matchers) matcher.skip(symbol, start + to - 1, start + to);
      reader.afterSpace = symbol === space;
    }
    this.#position = start + to;
  }
  #isIdle(): boolean {
    for (let m = 0; m < this.#matchers.length; m++) if (!this.#matchers[m]!.isIdle()) return false;
    return true;
  }

  #readCharacter(reader: Reader, character: number, next: number): void {
    const { fold, matchers } = reader;
    if (fold === undefined) {
      for (const matcher of matchers) this.#readSymbol(matcher, character, next);
      return;
    }
    const symbols = fold(character);
    const count = symbols.length;
    // By number and not by iterator: this runs for each character of each reply.
    for (let m = 0; m < matchers.length; m++) {
      const matcher = matchers[m]!;
      // What words don't see still ends a word, or a run of such characters would put off its end for ever.
      if (count === 0) matcher.settle(noSymbol, this.#onMatch);
      for (let s = 0; s < count; s++) {
        const symbol = symbols[s]!;
        // A run of blanks counts as one.
        if (symbol === space && reader.afterSpace) matcher.settle(noSymbol, this.#onMatch);
        else this.#readSymbol(matcher, symbol, next);
      }
    }
    if (count > 0) reader.afterSpace = symbols[count - 1] === space;
  }

  #readSymbol(matcher: Matcher, symbol: number, next: number): void {
    matcher.settle(symbol, this.#onMatch);
    matcher.read(symbol, this.#position, next);
  }

  /** Does what the rules of the new matches say; a result means that the text ends here. */
  #act(): ScanResult | undefined {
    if (this.#hits.length === 0) return undefined;
    const reach = this.#reach();
    let block: Hit | undefined;
    for (const hit of this.#hits.toSorted((a, b) => a.rule - b.rule || a.start - b.start)) {
      const rule = this.#list.rules[hit.rule];
      if (rule === undefined || hit.end === hit.start) continue;
      if (rule.action === 'block') {
        block ??= hit;
      } else if (rule.action === 'mask') {
        this.#masking ??= rule;
        this.#text.mask(Math.max(hit.start, reach), hit.end);
      } else if (!this.#flagged) {
        this.#flagged = true;
        this.#flag = rule;
      }
    }
    this.#hits = [];
    if (block === undefined) return undefined;
    this.#blocked = true;
    const rule = this.#list.rules[block.rule];
    return { ...this.#letGo(Math.max(block.start, reach)), ...(rule && { block: rule }) };
  }

  #letGo(position: number): ScanResult {
    const flag = this.#flag;
    this.#flag = undefined;
    const text = this.#text.takeUntil(position);
    return flag ? { text, flag } : { text };
  }

  #held(): number {
    let from = Number.POSITIVE_INFINITY;
    for (const { matchers } of this.#readers) {
      for (const matcher of matchers) from = Math.min(from, matcher.holdFrom());
    }
    return Math.max(from, this.#reach());
  }

  #reach(): number {
    const position = this.#position - longestReach;
    return position <= this.#text.base ? position : this.#text.wholeCharacter(position);
  }
}

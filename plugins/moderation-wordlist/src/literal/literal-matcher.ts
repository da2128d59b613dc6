import { isMark, isWordBorder, noSymbol } from '../characters.ts';
import type { FirstSymbols } from '../first-symbols.ts';
import type { Matcher, OnMatch } from '../matcher.ts';
import { type Automaton, follow } from './automaton.ts';

/** Finds the words of an automaton. */
export function createLiteralMatcher(automaton: Automaton, firstSymbols: FirstSymbols): Matcher {
  const { edges, fail, depth, ends, nextEnd, anywhere, longest } = automaton;
  // What the longest word needs to look back on, and the symbol before it.
  const ringSize = 2 ** Math.ceil(Math.log2(longest + 2));
  const mask = ringSize - 1;
  const symbols = new Int32Array(ringSize).fill(noSymbol);
  const starts = new Float64Array(ringSize);
  let count = 0;
  let node = 0;
  let end = 0;

  /** Whether the last `length` symbols begin where a word can begin. */
  function beginsWord(length: number): boolean {
    const first = count - length;
    return first === 0 || isWordBorder(symbols[(first - 1) & mask] ?? noSymbol, symbols[first & mask] ?? noSymbol);
  }

  function report(at: number, next: number, onMatch: OnMatch): void {
    const length = depth[at] ?? 0;
    for (const word of ends.get(at) ?? []) {
      const last = symbols[(count - 1) & mask] ?? noSymbol;
      if (isMark(next)) continue;
      if (word.wholeWord && !(isWordBorder(last, next) && beginsWord(length))) continue;
      onMatch(word.rule, starts[(count - length) & mask] ?? 0, end);
    }
  }

  function remember(symbol: number, from: number, to: number): void {
    symbols[count & mask] = symbol;
    starts[count & mask] = from;
    count++;
    end = to;
  }

  return {
    settle(next, onMatch) {
      if (node === 0) return;
      for (let at = ends.has(node) ? node : (nextEnd[node] ?? 0); at !== 0; at = nextEnd[at] ?? 0) {
        report(at, next, onMatch);
      }
    },
    read(symbol, from, to) {
      node = node === 0 && !firstSymbols.mayBegin(symbol) ? 0 : follow(edges, fail, node, symbol);
      remember(symbol, from, to);
    },
    mayBegin(symbol, before) {
      const first = edges.get(0, symbol);
      if (first === -1) return false;
      return before === undefined || isWordBorder(before, symbol) || anywhere[first] === 1;
    },
    isIdle: () => node === 0,
    skip: remember,
    holdFrom() {
      // A beginning in the middle of a word is none, unless some word may stand there.
      let at = node;
      while (at !== 0 && anywhere[at] === 0 && !beginsWord(depth[at] ?? 0)) at = fail[at] ?? 0;
      return at === 0 ? Number.POSITIVE_INFINITY : (starts[(count - (depth[at] ?? 0)) & mask] ?? 0);
    },
  };
}

import { isLetter, isWordBorder, noSymbol } from '../characters.ts';
import type { FirstSymbols } from '../first-symbols.ts';
import type { Matcher, OnMatch } from '../matcher.ts';
import type { Program } from './program.ts';

/** Where in the program a possible match has got to, with the text position it began at; earliest first. */
interface Threads {
  steps: number[];
  starts: number[];
}
const mostCachedFirstSteps = 4096;
const nothing: readonly number[] = [];

/**
 * Follows all ways through a program at once, so that a symbol costs no more than the program has steps. Of two possible
 * matches at the same step the earlier one is kept: all that the later one can still match lies inside of the earlier.
 */
export function createPatternMatcher(
  program: Program,
  firstSteps: Map<number, readonly number[]>,
  firstSymbols: FirstSymbols,
): Matcher {
  const { instructions } = program;
  const seen = new Int32Array(instructions.length);
  let round = 0;
  let before = noSymbol;
  let end = 0;
  /** Behind the last symbol, nothing decided yet. */
  let waiting: Threads = { steps: [], starts: [] };
  /** Steps that want a symbol. */
  let ready: Threads = { steps: [], starts: [] };

  /** Follows assertions and branches from one step to those that want a symbol. */
  function advance(
    from: number,
    start: number,
    after: number,
    into: Threads,
    onMatch?: OnMatch,
    behind = before,
  ): void {
    const stack = [from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen[at] === round) continue;
      seen[at] = round;
      const step = instructions[at];
      if (step === undefined || step.op === 'never') continue;
      if (step.op === 'symbol') {
        into.steps.push(at);
        into.starts.push(start);
      } else if (step.op === 'either') {
        stack.push(step.other, step.out);
      } else if (step.op === 'assert') {
        if (step.holds(behind, after)) stack.push(step.out);
      } else {
        onMatch?.(step.rule, start, end);
      }
    }
  }

  /** The steps that a match beginning with this symbol has got to behind it. */
  function begin(symbol: number, behind: number): readonly number[] {
    const key = contextOf(behind) * 0x110000 + symbol;
    const known = firstSteps.get(key);
    if (known) return known;
    round++;
    const first: Threads = { steps: [], starts: [] };
    // A match of no characters is none, so nobody listens.
    for (const start of program.starts) advance(start, 0, symbol, first, undefined, behind);
    const found = first.steps.flatMap((at) => {
      const step = instructions[at];
      return step?.op === 'symbol' && step.accepts(symbol) ? [step.out] : [];
    });
    if (firstSteps.size >= mostCachedFirstSteps) firstSteps.clear();
    firstSteps.set(key, found);
    return found;
  }

  return {
    settle(next, onMatch) {
      if (ready.steps.length > 0) ready = { steps: [], starts: [] };
      if (waiting.steps.length === 0) return;
      round++;
      for (let i = 0; i < waiting.steps.length; i++) {
        advance(waiting.steps[i] ?? 0, waiting.starts[i] ?? 0, next, ready, onMatch);
      }
    },
    read(symbol, from, to) {
      const fresh = firstSymbols.mayBegin(symbol) ? begin(symbol, before) : nothing;
      if (waiting.steps.length > 0 || fresh.length > 0) {
        const after: Threads = { steps: [], starts: [] };
        round++;
        const add = (at: number, start: number) => {
          if (seen[at] === round) return;
          seen[at] = round;
          after.steps.push(at);
          after.starts.push(start);
        };
        for (let i = 0; i < ready.steps.length; i++) {
          const step = instructions[ready.steps[i] ?? 0];
          if (step?.op === 'symbol' && step.accepts(symbol)) add(step.out, ready.starts[i] ?? 0);
        }
        for (const at of fresh) add(at, from);
        waiting = after;
      }
      before = symbol;
      end = to;
    },
    mayBegin(symbol, behind) {
      if (behind === undefined || !firstSymbols.mayBegin(symbol)) return firstSymbols.mayBegin(symbol);
      return begin(symbol, behind).length > 0;
    },
    isIdle: () => waiting.steps.length === 0,
    skip(symbol, _from, to) {
      before = symbol;
      end = to;
    },
    holdFrom: () => waiting.starts[0] ?? Number.POSITIVE_INFINITY,
  };
}

/** All that an assertion can see of a symbol, in one small number. */
function contextOf(symbol: number): number {
  if (symbol < 0) return 0;
  const asciiWord = symbol < 0x80 && isLetter(symbol);
  // A border beside a Latin letter tells whether the symbol joins words.
  const joins = !isWordBorder(symbol, 0x61);
  return 1 + (asciiWord ? 1 : 0) + (symbol === 10 ? 2 : 0) + (joins ? 4 : 0);
}

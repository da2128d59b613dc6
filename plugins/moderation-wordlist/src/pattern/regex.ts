import { RE2JS, RE2JSException } from 're2js';
import { type Rule, WordListError } from '../rule.ts';
import type { Program } from './program.ts';

const mostOfOne = 2000;

/** What the library's compiler makes; its names, and the numbers of its operations, are not part of its types. */
interface CompiledStep {
  op: number;
  out: number;
  arg: number;
  matchRune(symbol: number): boolean;
}
const alt = 1;
const altMatch = 2;
const capture = 3;
const emptyWidth = 4;
const match = 6;
const nop = 7;
const firstRune = 8;
const lastRune = 11;

const beginLine = 1;
const endLine = 2;
const beginText = 4;
const endText = 8;
const wordBoundary = 16;
const noWordBoundary = 32;
const lineFeed = 10;

/**
 * Adds a regular expression. The library parses and compiles it; its steps are then run by our own matcher, because
 * that one can stop after any symbol and go on when more text has come.
 */
export function addRegex(program: Program, rule: Rule, index: number): void {
  const { start, steps } = compile(rule);
  const { instructions } = program;
  program.starts.push(instructions.length);
  // The first step of the list need not be the pattern's first.
  const base = instructions.length + 1;
  const end = base + steps.length;
  instructions.push({ op: 'assert', holds: () => true, out: base + start });
  for (const step of steps) {
    const out = base + step.out;
    if (step.op >= firstRune && step.op <= lastRune) {
      instructions.push({ op: 'symbol', accepts: (symbol) => step.matchRune(symbol), out });
    } else if (step.op === alt || step.op === altMatch) {
      instructions.push({ op: 'either', out, other: base + step.arg });
    } else if (step.op === capture || step.op === nop) {
      instructions.push({ op: 'assert', holds: () => true, out });
    } else if (step.op === emptyWidth) {
      instructions.push({ op: 'assert', holds: (before, after) => holds(step.arg, before, after), out });
    } else if (step.op === match) {
      instructions.push({ op: 'assert', holds: () => true, out: end });
    } else {
      instructions.push({ op: 'never' });
    }
  }
  instructions.push({ op: 'match', rule: index });
}

function compile(rule: Rule): { start: number; steps: CompiledStep[] } {
  try {
    const compiled = RE2JS.compile(rule.pattern, rule.caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE).re2Input.prog;
    const steps: CompiledStep[] = compiled.inst;
    if (steps.length > mostOfOne) {
      throw new WordListError(rule, `is too large: ${steps.length} steps, and ${mostOfOne} are allowed`);
    }
    return { start: compiled.start, steps };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const hint = /\(\?[=!<]|\\[1-9]/.test(rule.pattern) ? ' (lookaround and back references are not possible)' : '';
    throw new WordListError(rule, `is not a regular expression we can use${hint}: ${error.message}`);
  }
}

function holds(conditions: number, before: number, after: number): boolean {
  const wordEdge = isAsciiWord(before) !== isAsciiWord(after);
  return (
    ((conditions & beginLine) === 0 || before < 0 || before === lineFeed) &&
    ((conditions & endLine) === 0 || after < 0 || after === lineFeed) &&
    ((conditions & beginText) === 0 || before < 0) &&
    ((conditions & endText) === 0 || after < 0) &&
    ((conditions & wordBoundary) === 0 || wordEdge) &&
    ((conditions & noWordBoundary) === 0 || !wordEdge)
  );
}

/** `\b` of RE2 knows ASCII only. */
function isAsciiWord(symbol: number): boolean {
  return (
    (symbol >= 0x30 && symbol <= 0x39) ||
    (symbol >= 0x41 && symbol <= 0x5a) ||
    symbol === 0x5f ||
    (symbol >= 0x61 && symbol <= 0x7a)
  );
}

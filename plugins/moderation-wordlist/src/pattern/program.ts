/** One step of a pattern; `out` is the index of the step that follows. */
export type Instruction =
  | { op: 'symbol'; accepts(symbol: number): boolean; out: number }
  | { op: 'either'; out: number; other: number }
  /** Looks at the symbols on both sides of the place, `noSymbol` at the border of the text. */
  | { op: 'assert'; holds(before: number, after: number): boolean; out: number }
  | { op: 'match'; rule: number }
  | { op: 'never' };

/** Patterns of any number of rules in one list of steps. */
export interface Program {
  instructions: Instruction[];
  /** Where each pattern starts. */
  starts: number[];
}

/** A text of n symbols costs at most n times this many steps, whatever the patterns are. */
export const mostInstructions = 20_000;

export function emptyProgram(): Program {
  return { instructions: [], starts: [] };
}

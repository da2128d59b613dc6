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

/** Whether a match can begin with the symbol, whatever stands around it. */
export function canBegin({ instructions, starts }: Program, symbol: number): boolean {
  const seen = new Set<number>();
  const stack = [...starts];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const step = instructions[at];
    if (step === undefined || seen.has(at)) continue;
    seen.add(at);
    if (step.op === 'symbol' && step.accepts(symbol)) return true;
    if (step.op === 'either') stack.push(step.other, step.out);
    else if (step.op === 'assert') stack.push(step.out);
  }
  return false;
}

export function emptyProgram(): Program {
  return { instructions: [], starts: [] };
}

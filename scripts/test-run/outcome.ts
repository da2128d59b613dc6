/** What one step of the test run came to. */
export interface Outcome {
  readonly step: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

/** The counts a runner reported; anything it could not count is made up for by `atLeastOneFailure`. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * A runner that ended badly without a failed test in its report (a crash, an error outside of any test, nothing run at
 * all) has failed once.
 */
export function judge(counts: Counts | undefined, exitCode: number): Counts {
  const known = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const sound = exitCode === 0 && counts !== undefined && counts.passed > 0;
  return sound || known.failed > 0 ? known : { ...known, failed: 1 };
}

/** The last line of `npm test`. */
export function totalLine(outcomes: readonly Outcome[]): string {
  return `${sum(outcomes, 'passed')} passed, ${sum(outcomes, 'failed')} failed`;
}

export function exitCodeOf(outcomes: readonly Outcome[]): number {
  return sum(outcomes, 'failed') === 0 && sum(outcomes, 'passed') > 0 ? 0 : 1;
}

/** One line for each step, for the eye. */
export function table(outcomes: readonly Outcome[]): string {
  const width = Math.max(...outcomes.map(({ step }) => step.length));
  const lines = outcomes.map(({ step, passed, failed, skipped, seconds }) => {
    const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    return `  ${failed === 0 ? '✓' : '✗'} ${step.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s  ${counts}`;
  });
  return lines.join('\n');
}

function sum(outcomes: readonly Outcome[], count: keyof Counts): number {
  return outcomes.reduce((total, outcome) => total + outcome[count], 0);
}

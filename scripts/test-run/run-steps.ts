import { judge, type Outcome } from './outcome.ts';
import { runProgram } from './run-program.ts';
import type { Step } from './steps.ts';

/** Runs steps one after the other, each to its end: a failed check does not hide what the tests have to say. */
export async function runSteps(
  steps: readonly Step[],
  signal: AbortSignal,
  add: (outcome: Outcome) => void,
): Promise<void> {
  for (const step of steps) {
    signal.throwIfAborted();
    process.stdout.write(`\n── ${step.name}\n`);
    const begun = performance.now();
    const exitCode = await runProgram(step.program, signal);
    const counts = judge(await step.counts(exitCode), exitCode);
    add({ step: step.name, ...counts, seconds: (performance.now() - begun) / 1000 });
  }
}

/** Runs steps side by side; what each has to say comes in one piece when it is over. */
export async function runTogether(
  steps: readonly Step[],
  signal: AbortSignal,
  add: (outcome: Outcome) => void,
): Promise<void> {
  const running = steps.map(async (step) => {
    const begun = performance.now();
    let said = '';
    const exitCode = await runProgram(step.program, signal, (text) => void (said += text));
    process.stdout.write(`\n── ${step.name}\n${said}`);
    const counts = judge(await step.counts(exitCode), exitCode);
    return { step: step.name, ...counts, seconds: (performance.now() - begun) / 1000 };
  });
  for (const outcome of await Promise.all(running)) add(outcome);
}

/** A step that is work of our own rather than a program: it has passed when it did not throw. */
export async function attempt(step: string, work: () => Promise<unknown>): Promise<Outcome> {
  const begun = performance.now();
  const failed = await work().then(
    () => 0,
    (error: unknown) => {
      process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
      return 1;
    },
  );
  return { step, passed: 1 - failed, failed, skipped: 0, seconds: (performance.now() - begun) / 1000 };
}

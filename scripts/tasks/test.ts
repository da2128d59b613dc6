import { ensureBuilt } from '../lib/ensure-built.ts';
import { startTestEnvironment } from '../test-run/environment.ts';
import { attempt, runSteps, runTogether } from '../test-run/run-steps.ts';
import { checkSteps, playwrightStep, vitestStep } from '../test-run/steps.ts';
import { testRun } from '../test-run/test-run.ts';

/** Everything there is to test, the cheap first. */
export function run(): Promise<number> {
  return testRun(async (add, signal) => {
    // None of them waits for another, and each leaves a part of the machine idle.
    const [built] = await Promise.all([attempt('builds', ensureBuilt), runTogether(checkSteps, signal, add)]);
    add(built);
    await using environment = await startTestEnvironment({ chromium: true });
    const { folder, env } = environment;
    await runSteps([vitestStep(folder, env), playwrightStep(folder, env)], signal, add);
  });
}

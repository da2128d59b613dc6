import { ensureBuilt } from '../lib/ensure-built.ts';
import { startTestEnvironment } from '../test-run/environment.ts';
import { attempt, runSteps } from '../test-run/run-steps.ts';
import { playwrightStep } from '../test-run/steps.ts';
import { testRun } from '../test-run/test-run.ts';

/** The browser journeys alone; arguments go to Playwright: `npm run test:e2e -- --grep sign-in`. */
export function run(args: string[]): Promise<number> {
  return testRun(async (add, signal) => {
    add(await attempt('builds', ensureBuilt));
    await using environment = await startTestEnvironment({ chromium: true });
    const step = playwrightStep(environment.folder, environment.env);
    const program = { ...step.program, args: [...step.program.args, ...args] };
    await runSteps([{ ...step, program }], signal, add);
  });
}

import { parseArgs } from 'node:util';
import { startTestEnvironment } from '../test-run/environment.ts';
import { runSteps } from '../test-run/run-steps.ts';
import { vitestStep } from '../test-run/steps.ts';
import { testRun } from '../test-run/test-run.ts';

const TEST = 'tests/faults/killed-core.test.ts';

/** `npm run chaos -- [--rounds 200] [--seed 7]`: the long form of the test that kills the core, said as it goes. */
export function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string' } },
  });
  return testRun(async (add, signal) => {
    await using environment = await startTestEnvironment({ chromium: false });
    const env = {
      ...environment.env,
      PARLEY_TEST_ROUNDS: values.rounds,
      ...(values.seed === undefined ? {} : { PARLEY_TEST_SEED: values.seed }),
    };
    const step = vitestStep(environment.folder, env);
    const program = { ...step.program, args: [...step.program.args, '--disableConsoleIntercept', TEST] };
    await runSteps([{ ...step, name: `kills of the core, ${values.rounds} of them`, program }], signal, add);
  });
}

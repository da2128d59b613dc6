import { join } from 'node:path';
import { checks } from '../lib/checks.ts';
import { root } from '../lib/root.ts';
import type { Counts } from './outcome.ts';
import { countPlaywright, countVitest, readReport } from './reports.ts';
import type { Program } from './run-program.ts';

/** A step of the test run: a program, and how to count what it did. */
export interface Step {
  readonly name: string;
  readonly program: Program;
  counts(exitCode: number): Promise<Counts | undefined>;
}

/** A check that says only yes or no counts as one. */
export const checkSteps: readonly Step[] = Object.values(checks).map((check) => ({
  name: check.name,
  program: check,
  counts: async (exitCode) => ({ passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }),
}));

export function vitestStep(folder: string, env: NodeJS.ProcessEnv): Step {
  const report = join(folder, 'vitest.json');
  return {
    name: 'unit, integration and sandbox tests',
    program: {
      command: join(root, 'node_modules/.bin/vitest'),
      args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      cwd: root,
      env,
    },
    counts: () => readReport(report, countVitest),
  };
}

export function playwrightStep(folder: string, env: NodeJS.ProcessEnv): Step {
  const report = join(folder, 'playwright.json');
  return {
    name: 'browser journeys',
    program: {
      command: join(root, 'tests/node_modules/.bin/playwright'),
      args: ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
      cwd: join(root, 'tests'),
      env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    },
    counts: () => readReport(report, countPlaywright),
  };
}

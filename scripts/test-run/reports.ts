import { readFile } from 'node:fs/promises';
import type { Counts } from './outcome.ts';

/** The parts of Vitest's JSON report that are counted. */
interface VitestReport {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** The parts of Playwright's JSON report that are counted. */
interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  readonly errors: readonly unknown[];
}

export function countVitest(report: unknown): Counts {
  const { testResults } = report as VitestReport;
  const statuses = testResults.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const failedTests = statuses.filter((status) => status === 'failed').length;
  // A file that could not be loaded, or whose hooks failed, names no failed test: it counts as one.
  const failedFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const passed = statuses.filter((status) => status === 'passed').length;
  return { passed, failed: failedTests + failedFiles, skipped: statuses.length - passed - failedTests };
}

export function countPlaywright(report: unknown): Counts {
  const { stats, errors } = report as PlaywrightReport;
  // There are no retries, so nothing should be flaky; if something is, it has failed once.
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/** Undefined when the runner left no readable report: it crashed. */
export async function readReport(file: string, count: (report: unknown) => Counts): Promise<Counts | undefined> {
  try {
    return count(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // Missing, cut off in the middle, or of another shape: none of them can be counted, and the caller says so.
    return undefined;
  }
}

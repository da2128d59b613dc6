import { expect, test } from 'vitest';
import { exitCodeOf, judge, totalLine } from '../../scripts/test-run/outcome.ts';
import { countPlaywright, countVitest } from '../../scripts/test-run/reports.ts';

const step = { step: 'example', seconds: 1, skipped: 0 };

test('the last line adds up all steps, and the exit code agrees with it', () => {
  const good = [
    { ...step, passed: 3, failed: 0 },
    { ...step, passed: 4, failed: 0 },
  ];
  expect(totalLine(good)).toBe('7 passed, 0 failed');
  expect(exitCodeOf(good)).toBe(0);
  const bad = [...good, { ...step, passed: 1, failed: 2 }];
  expect(totalLine(bad)).toBe('8 passed, 2 failed');
  expect(exitCodeOf(bad)).toBe(1);
  expect(exitCodeOf([])).toBe(1);
});

test('a runner that crashed, ran nothing or ended badly has failed once', () => {
  const none = { passed: 0, failed: 0, skipped: 0 };
  expect(judge(undefined, 1)).toEqual({ ...none, failed: 1 });
  expect(judge(undefined, 0)).toEqual({ ...none, failed: 1 });
  expect(judge(none, 0)).toEqual({ ...none, failed: 1 });
  expect(judge({ passed: 5, failed: 0, skipped: 0 }, 1)).toEqual({ passed: 5, failed: 1, skipped: 0 });
  expect(judge({ passed: 5, failed: 2, skipped: 0 }, 1)).toEqual({ passed: 5, failed: 2, skipped: 0 });
});

test('of Vitest the tests are counted, and files that could not even be loaded', () => {
  const report = {
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'skipped' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  expect(countVitest(report)).toEqual({ passed: 2, failed: 2, skipped: 1 });
});

test('of Playwright a flaky journey is a failed one, and so is an error outside of any', () => {
  const report = { stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{ message: 'no browser' }] };
  expect(countPlaywright(report)).toEqual({ passed: 4, failed: 3, skipped: 2 });
});

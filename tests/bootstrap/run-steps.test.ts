import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Outcome } from '../../scripts/test-run/outcome.ts';
import { runTogether } from '../../scripts/test-run/run-steps.ts';
import type { Step } from '../../scripts/test-run/steps.ts';

let folder: string;
let written: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-steps-'));
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

function step(name: string, code: string): Step {
  return {
    name,
    program: { command: process.execPath, args: ['-e', code], cwd: folder },
    counts: async (exitCode) => ({ passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }),
  };
}

/** Says who it is, and ends once the other one has spoken too. */
const meeting = (me: string, other: string, exitCode: number) => `
  const { existsSync, writeFileSync } = require('node:fs');
  console.log('${me} begins');
  writeFileSync('${me}', '');
  const timer = setInterval(() => {
    if (!existsSync('${other}')) return;
    clearInterval(timer);
    console.error('${me} ends');
    process.exitCode = ${exitCode};
  }, 10);`;

test('steps run side by side, speak one after the other, and are counted in their order', async () => {
  const outcomes: Outcome[] = [];
  const steps = [step('one', meeting('one', 'two', 1)), step('two', meeting('two', 'one', 0))];
  await runTogether(steps, new AbortController().signal, (outcome) => void outcomes.push(outcome));
  expect(outcomes).toMatchObject([
    { step: 'one', passed: 0, failed: 1 },
    { step: 'two', passed: 1, failed: 0 },
  ]);
  expect(written.toSorted()).toEqual(['\n── one\none begins\none ends\n', '\n── two\ntwo begins\ntwo ends\n']);
});

test('an interruption ends all of them', async () => {
  const abort = new AbortController();
  const outcomes: Outcome[] = [];
  const forever = `console.log('here'); setInterval(() => {}, 1000)`;
  const running = runTogether([step('one', forever), step('two', forever)], abort.signal, (outcome) => {
    outcomes.push(outcome);
  });
  abort.abort();
  await running;
  expect(outcomes.map(({ failed }) => failed)).toEqual([1, 1]);
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identityOf, isAlive } from '../../core/src/lib/process-identity.ts';
import { killLeftovers } from '../../scripts/test-run/leftovers.ts';
import { runProgram } from '../../scripts/test-run/run-program.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-program-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A program that starts another one, notes its pid, and then does `after`. */
function parent(after: string, options = '') {
  const code = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', ${options} });
    child.unref();
    require('node:fs').writeFileSync('pid', String(child.pid));
    ${after}`;
  return { command: process.execPath, args: ['-e', code], cwd: folder };
}

const noted = async () => Number(await readFile(join(folder, 'pid'), 'utf8'));

async function expectGone(pid: number): Promise<void> {
  const identity = await identityOf(pid);
  await expect.poll(() => isAlive(identity), { timeout: 60_000 }).toBe(false);
}

test('the exit code is passed on and forgotten children are ended', async () => {
  expect(await runProgram(parent('process.exit(3)'), new AbortController().signal)).toBe(3);
  await expectGone(await noted());
});

test('an interruption ends the program and what it started', async () => {
  const abort = new AbortController();
  const running = runProgram(parent('setInterval(() => {}, 1000)'), abort.signal);
  await vi.waitFor(async () => expect(await noted()).toBeGreaterThan(0), { timeout: 60_000 });
  abort.abort();
  expect(await running).not.toBe(0);
  await expectGone(await noted());
});

test.runIf(process.platform === 'linux')('a child that left the group is found by the folder it works in', async () => {
  await runProgram(parent('process.exit(0)', 'detached: true'), new AbortController().signal);
  const pid = await noted();
  expect(await killLeftovers(folder)).toEqual([pid]);
  await expectGone(pid);
});

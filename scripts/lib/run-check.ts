import { runToEnd } from '../bootstrap/processes.mjs';
import type { Check } from './checks.ts';

/** Runs a check in our place, with further arguments from the command line. */
export function runCheck(check: Check, args: readonly string[] = []): Promise<number> {
  // Windows starts the wrappers in .bin through a shell only.
  return runToEnd(check.command, [...check.args, ...args], { cwd: check.cwd, shell: process.platform === 'win32' });
}

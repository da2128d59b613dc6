import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../bootstrap/processes.mjs';
import { root } from './root.ts';

/** Settings in a file `.env` at the root count like variables, which win over it. */
export function nodeFlags(): string[] {
  const file = join(root, '.env');
  // Node would remark on a file that is not there.
  return existsSync(file) ? [`--env-file=${file}`] : [];
}

/** Runs a program of the repository in our place, with the pinned Node. */
export function runNode(file: string, args: readonly string[] = []): Promise<number> {
  return runToEnd(process.execPath, [...nodeFlags(), join(root, file), ...args], { cwd: root });
}

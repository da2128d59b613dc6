import { runNode } from '../lib/core-process.ts';

/** Brings the database up to date without serving anybody; `npm start` does the same on its way. */
export function run(args: string[]): Promise<number> {
  return runNode('core/src/cli/main.ts', ['migrate', ...args]);
}

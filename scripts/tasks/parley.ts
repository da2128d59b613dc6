import { runNode } from '../lib/core-process.ts';

/** The operator's command line. Nothing but its own words may reach stdout. */
export function run(args: string[]): Promise<number> {
  return runNode('core/src/cli/main.ts', args);
}

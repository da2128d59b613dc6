import { run as bench } from './bench.ts';

/** The load alone: a thousand people on one instance, and whether what is demanded of it is met. */
export function run(args: string[]): Promise<number> {
  return bench(['--only', 'load', ...args]);
}

import { checks } from '../lib/checks.ts';
import { runCheck } from '../lib/run-check.ts';

/** Writes the one format; `npm run format -- --check` only looks. */
export function run(args: string[]): Promise<number> {
  return runCheck({ ...checks.format, args: [] }, args);
}

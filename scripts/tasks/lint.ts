import { checks } from '../lib/checks.ts';
import { runCheck } from '../lib/run-check.ts';

export function run(args: string[]): Promise<number> {
  return runCheck(checks.lint, args);
}

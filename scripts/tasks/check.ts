import { checks } from '../lib/checks.ts';
import { runCheck } from '../lib/run-check.ts';

/** All that can be known without running anything: format, lint, types. */
export async function run(): Promise<number> {
  const failed: string[] = [];
  for (const check of Object.values(checks)) {
    if ((await runCheck(check)) !== 0) failed.push(check.name);
  }
  process.stderr.write(failed.length === 0 ? 'parley: all checks passed\n' : `parley: failed: ${failed.join(', ')}\n`);
  return failed.length === 0 ? 0 : 1;
}

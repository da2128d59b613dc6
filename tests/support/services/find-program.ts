import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The first of the programs that really runs; a name on the path may be a shim that only says how to install it. */
export async function findProgram(candidates: readonly string[], env?: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const candidate of candidates) {
    const works = await run(candidate, ['--version'], { env: { ...process.env, ...env }, timeout: 30_000 }).then(
      () => true,
      () => false,
    );
    if (works) return candidate;
  }
  return undefined;
}

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The full path of the first program that really runs; a name on PATH may be a shim that only says how to install it. */
export async function findProgram(candidates: readonly string[], env?: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const candidate of candidates) {
    for (const path of placesOf(candidate)) {
      if ((await succeeds(access(path, constants.X_OK))) && (await succeeds(version(path, env)))) return path;
    }
  }
  return undefined;
}

function placesOf(candidate: string): string[] {
  if (isAbsolute(candidate)) return [candidate];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, candidate));
}

function version(path: string, env: NodeJS.ProcessEnv | undefined): Promise<unknown> {
  return run(path, ['--version'], { env: { ...process.env, ...env }, timeout: 30_000 });
}

function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ServedParley {
  url: string;
  process: ChildProcess;
  /** Code and signal it ended with. */
  ended: Promise<unknown[]>;
  /** All it has written to its standard output, the log included. */
  said(): string;
}

const program = fileURLToPath(new URL('../../../core/src/main.ts', import.meta.url));

/** The product as it is started in production, on a free port. Ended with `undo` at the latest. */
export async function serveParley(
  environment: Record<string, string>,
  undo: AsyncDisposableStack,
): Promise<ServedParley> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-served-'));
  undo.defer(() => rm(dataDir, { recursive: true, force: true }));
  const child = spawn(process.execPath, [program], {
    env: { PARLEY_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  undo.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const { promise: address, resolve } = Promise.withResolvers<string>();
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const url = /Parley.* at (http:\S+?)(\/readyz)?\n/.exec(said)?.[1];
    if (url !== undefined) resolve(url.replace('localhost', '127.0.0.1'));
  });
  const failed = ended.then(([code]) => {
    throw new Error(`Parley ended with ${code} before it was ready: ${said}`);
  });
  const url = await Promise.race([address, failed]);
  failed.catch(() => {
    // From here on an exit is what the test wants.
  });
  return { url, process: child, ended, said: () => said };
}

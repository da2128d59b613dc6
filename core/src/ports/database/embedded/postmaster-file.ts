import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from '../../../lib/error-code.ts';
import { identityOf, isAlive } from '../../../lib/process-identity.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** What a running (or dead) server wrote about itself into its cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

const FILE = 'postmaster.pid';

export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  try {
    const lines = (await readFile(join(cluster, FILE), 'utf8')).split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Ends a server that outlived the process which started it, and removes the note of one that died without doing so.
 * The caller owns the data folder, so nobody else can be using that server.
 */
export async function clearLeftovers(cluster: string, log: (line: string) => void): Promise<void> {
  const left = await readPostmaster(cluster);
  if (left === undefined) return;
  const identity = await identityOf(left.pid);
  if (!(left.pid > 0) || !(await isAlive(identity)) || !(await servesCluster(left.pid, cluster))) {
    // PostgreSQL would refuse to start if that pid belonged to any other living process by now.
    await rm(join(cluster, FILE), { force: true });
    return;
  }
  log(`Ending the PostgreSQL an earlier run left behind (pid ${left.pid}).`);
  // Fast shutdown first; the second signal skips the checkpoint, which costs a recovery at the next start but no data.
  for (const [signal, patienceMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    signalTo(left.pid, signal);
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
      if (!(await isAlive(identity))) {
        // One that was killed leaves its note, and its pid takes signals until somebody has collected it: PostgreSQL,
        // which asks that way, would believe it alive and refuse to start.
        await rm(join(cluster, FILE), { force: true });
        return;
      }
      await pause(10);
    }
  }
  throw new EmbeddedPostgresError(
    'leftover',
    `The PostgreSQL of an earlier run (pid ${left.pid}) does not end. End it by hand, then start again.`,
  );
}

/** A server's working folder is its cluster, so a recycled pid is told apart where /proc can be read. */
async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(cluster));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return process.platform !== 'linux';
    // Another user's process; ours runs as a user whose processes we may look at.
    if (errorCode(error) === 'EACCES') return false;
    throw error;
  }
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

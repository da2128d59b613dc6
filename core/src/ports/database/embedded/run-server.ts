import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../lib/free-port.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Installation } from './installations.ts';
import { readPostmaster } from './postmaster-file.ts';
import type { ServerUser } from './server-user.ts';

export interface ServerOptions {
  readonly cluster: string;
  readonly installation: Installation;
  readonly user: ServerUser | undefined;
  /** Where the server's own messages go; started anew each time. */
  readonly logFile: string;
  /** `name=value` settings beyond the defaults. */
  readonly settings?: readonly string[];
  /** Absent: any that is free. */
  readonly port?: number;
}

export interface RunningServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Recovery after a crash of a large cluster takes a while; a server that is merely broken exits by itself. */
const READY_WITHIN_MS = 120_000;
const FAST_STOP_WITHIN_MS = 15_000;
/** On a busy machine the sessions of a killed server take a while to notice that it is gone. */
const PASSING_TROUBLE_MS = 30_000;

/** Starts the server and returns when it accepts connections. */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const patience = Date.now() + PASSING_TROUBLE_MS;
  for (;;) {
    const port = options.port ?? (await freePort());
    const child = await spawnServer(options, port);
    if (await becameReady(child, options.cluster)) return { port, pid: child.pid ?? 0, stop: () => stop(child) };
    const messages = await readFile(options.logFile, 'utf8');
    // Two passing troubles: the port was taken meanwhile, and sessions of a killed server that have not noticed yet.
    const passing = /could not bind|Address already in use|pre-existing shared memory block/.test(messages);
    if (!passing || Date.now() > patience) {
      const tail = messages.trim().split('\n').slice(-8).join('\n');
      throw new EmbeddedPostgresError('start', `PostgreSQL did not start in ${options.cluster}:\n${tail}`);
    }
    await pause(250);
  }
}

async function spawnServer(options: ServerOptions, port: number): Promise<ChildProcess> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...(options.settings ?? [])];
  const log = await open(options.logFile, 'w', 0o600);
  try {
    const child = spawn(
      join(options.installation.bin, 'postgres'),
      ['-D', options.cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
      {
        cwd: options.cluster,
        uid: options.user?.uid,
        gid: options.user?.gid,
        env: { LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', log.fd, log.fd],
        // Its own process group: Ctrl-C in a terminal must reach us alone, so that we can finish our writes first.
        detached: true,
      },
    );
    await once(child, 'spawn');
    return child;
  } catch (error) {
    throw new EmbeddedPostgresError('start', `PostgreSQL could not be run: ${String(error)}`, { cause: error });
  } finally {
    await log.close();
  }
}

async function becameReady(child: ChildProcess, cluster: string): Promise<boolean> {
  const end = Date.now() + READY_WITHIN_MS;
  while (Date.now() < end) {
    if (hasEnded(child)) return false;
    const postmaster = await readPostmaster(cluster);
    if (postmaster?.pid === child.pid && postmaster?.ready) return true;
    await pause(10);
  }
  await stop(child);
  return false;
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  // Fast shutdown: rolls back what is open, writes a checkpoint, ends.
  child.kill('SIGINT');
  const impatience = setTimeout(() => child.kill('SIGQUIT'), FAST_STOP_WITHIN_MS);
  await ended;
  clearTimeout(impatience);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

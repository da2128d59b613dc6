import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { lastingPort } from './lasting-port.ts';
import type { StartedService } from './start-postgres.ts';
import { makeTempFolder, removeTempFolder } from './temp-folder.ts';

const READY_WITHIN_MS = 60_000;

export interface RedisProgram {
  readonly path: string;
  /** Where its shared libraries are when it was unpacked beside the system instead of installed. */
  readonly libraryPath?: string;
}

/** A private Redis that keeps nothing on disk. */
export async function startTestRedis(
  program: RedisProgram = { path: 'redis-server' },
  /** To come back where an earlier one was. */
  wantedPort?: number,
): Promise<StartedService> {
  await using undo = new AsyncDisposableStack();
  const folder = await makeTempFolder(undefined);
  undo.defer(() => removeTempFolder(folder));
  const port = wantedPort ?? (await lastingPort());
  const child = await spawnRedis(program, port, folder);
  undo.defer(() => end(child));
  await acceptsConnections(child, port);
  const running = undo.move();
  return { url: `redis://127.0.0.1:${port}`, pid: child.pid ?? 0, stop: () => running.disposeAsync() };
}

async function spawnRedis(program: RedisProgram, port: number, folder: string): Promise<ChildProcess> {
  const child = spawn(
    program.path,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder, '--loglevel', 'warning'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
      env: program.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: program.libraryPath },
    },
  );
  await once(child, 'spawn').catch((error: unknown) => {
    throw new Error(`${program.path} could not be run. Install redis-server, or run the tests with npm test.`, {
      cause: error,
    });
  });
  return child;
}

async function acceptsConnections(child: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await pause(10);
  }
  throw new Error(`redis-server did not start on port ${port}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // It has nothing to save, and may be frozen.
  child.kill('SIGKILL');
  await ended;
}

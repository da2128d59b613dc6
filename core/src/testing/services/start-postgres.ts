import { join } from 'node:path';
import { reachableInstallation } from '../../ports/database/embedded/cluster-home.ts';
import { initCluster } from '../../ports/database/embedded/init-cluster.ts';
import { chooseInstallation, findInstallations } from '../../ports/database/embedded/installations.ts';
import { runServer } from '../../ports/database/embedded/run-server.ts';
import { findServerUser } from '../../ports/database/embedded/server-user.ts';
import { lastingPort } from './lasting-port.ts';
import { makeTempFolder, removeTempFolder } from './temp-folder.ts';

export interface StartedService {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Durability is worth nothing in a database that lives for one test run. */
const SETTINGS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];

/** A private PostgreSQL in a temporary folder; the address is that of its administrator. */
export async function startTestPostgres(): Promise<StartedService> {
  await using undo = new AsyncDisposableStack();
  const { run } = await prepareCluster(undo, SETTINGS);
  const server = await run();
  undo.defer(() => server.stop());
  const running = undo.move();
  return { url: urlOf(server.port), pid: server.pid, stop: () => running.disposeAsync() };
}

export interface RestartablePostgres {
  readonly url: string;
  /** `in-order` as for an upgrade; `crash`: it ends where it stands, and recovers at its next start. */
  halt(how: 'in-order' | 'crash'): Promise<void>;
  /** At the same address. Resolves when it accepts connections. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What it has confirmed outlives a crash of its processes; that of a machine it is not made for. */
export async function startRestartablePostgres(): Promise<RestartablePostgres> {
  await using undo = new AsyncDisposableStack();
  const port = await lastingPort();
  const { run } = await prepareCluster(undo, ['fsync=off', 'full_page_writes=off'], port);
  let server = await run();
  undo.defer(() => server.stop());
  const running = undo.move();
  return {
    url: urlOf(port),
    async halt(how) {
      if (how === 'crash') process.kill(server.pid, 'SIGQUIT');
      await server.stop();
    },
    async start() {
      server = await run();
    },
    stop: () => running.disposeAsync(),
  };
}

async function prepareCluster(undo: AsyncDisposableStack, settings: readonly string[], port?: number) {
  const user = await findServerUser();
  const folder = await makeTempFolder(user);
  undo.defer(() => removeTempFolder(folder));
  const chosen = chooseInstallation(await findInstallations(), undefined);
  const installation = await reachableInstallation(chosen, folder, user);
  const cluster = join(folder, 'cluster');
  await initCluster({ cluster, installation, user, sync: false });
  const logFile = join(folder, 'postgres.log');
  return { run: () => runServer({ cluster, installation, user, logFile, settings, port }) };
}

function urlOf(port: number): string {
  return `postgres://parley@127.0.0.1:${port}/postgres`;
}

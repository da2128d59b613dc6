import { join } from 'node:path';
import { reachableInstallation } from '../../ports/database/embedded/cluster-home.ts';
import { initCluster } from '../../ports/database/embedded/init-cluster.ts';
import { chooseInstallation, findInstallations } from '../../ports/database/embedded/installations.ts';
import { runServer } from '../../ports/database/embedded/run-server.ts';
import { findServerUser } from '../../ports/database/embedded/server-user.ts';
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
  const user = await findServerUser();
  const folder = await makeTempFolder(user);
  undo.defer(() => removeTempFolder(folder));
  const chosen = chooseInstallation(await findInstallations(), undefined);
  const installation = await reachableInstallation(chosen, folder, user);
  const cluster = join(folder, 'cluster');
  await initCluster({ cluster, installation, user, sync: false });
  const server = await runServer({
    cluster,
    installation,
    user,
    logFile: join(folder, 'postgres.log'),
    settings: SETTINGS,
  });
  undo.defer(() => server.stop());
  const running = undo.move();
  return {
    url: `postgres://parley@127.0.0.1:${server.port}/postgres`,
    pid: server.pid,
    stop: () => running.disposeAsync(),
  };
}

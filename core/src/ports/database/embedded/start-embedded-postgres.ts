import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { lockFolder } from '../../../lib/folder-lock.ts';
import { giveTo, openClusterHome, reachableInstallation, type ClusterHome } from './cluster-home.ts';
import { clusterMajor, initCluster } from './init-cluster.ts';
import { chooseInstallation, findInstallations } from './installations.ts';
import { clearLeftovers } from './postmaster-file.ts';
import { runServer, type RunningServer } from './run-server.ts';
import { findServerUser, type ServerUser } from './server-user.ts';

export interface EmbeddedPostgresOptions {
  /** Everything this Parley keeps. One running process may own it. */
  readonly dataDir: string;
  /** Told, in a sentence each, what takes a while or is worth knowing. */
  readonly log: (line: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Opens the data folder for this process alone and runs the private PostgreSQL in it. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await mkdir(options.dataDir, { recursive: true });
  const dataDir = await realpath(options.dataDir);
  // Given back in reverse, also when a later step fails.
  await using undo = new AsyncDisposableStack();
  const holdFolder = async (folder: string) => {
    const lock = await lockFolder(folder);
    undo.defer(() => lock.release());
  };

  await holdFolder(dataDir);
  const user = await findServerUser();
  const home = await openClusterHome(dataDir, user);
  if (dirname(home.folder) !== dataDir) {
    // A copied data folder points at the same cluster as the original; only one of them may use it at a time.
    await holdFolder(home.folder);
    options.log(`PostgreSQL runs as "${user?.name}", who cannot enter ${dataDir}: the database is in ${home.folder}.`);
  }
  const server = await startCluster(home, user, options.log);
  undo.defer(() => server.stop());
  const url = `postgres://parley:${home.password}@127.0.0.1:${server.port}/parley`;
  await ensureDatabase(url);

  const running = undo.move();
  return { url, stop: () => running.disposeAsync() };
}

async function startCluster(
  home: ClusterHome,
  user: ServerUser | undefined,
  log: (line: string) => void,
): Promise<RunningServer> {
  const cluster = join(home.folder, 'cluster');
  const major = await clusterMajor(cluster);
  const chosen = chooseInstallation(await findInstallations(), major);
  const installation = await reachableInstallation(chosen, home.folder, user);
  if (major === undefined) {
    log(`Making the database (PostgreSQL ${installation.major}) …`);
    await initCluster({ cluster, installation, user, password: home.password, sync: true });
  }
  await giveTo(cluster, user);
  await clearLeftovers(cluster, log);
  return runServer({ cluster, installation, user, logFile: join(home.folder, 'postgres.log') });
}

/** The database of our own beside the one every cluster is born with. */
async function ensureDatabase(url: string): Promise<void> {
  const admin = new Client({ connectionString: new URL('/postgres', url).href });
  await admin.connect();
  try {
    const { rowCount } = await admin.query(`select 1 from pg_database where datname = 'parley'`);
    if (rowCount === 0) await admin.query('create database parley');
  } finally {
    await admin.end();
  }
}

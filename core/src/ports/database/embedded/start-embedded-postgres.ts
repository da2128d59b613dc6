import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { errorCode } from '../../../lib/error-code.ts';
import { lockFolder } from '../../../lib/folder-lock.ts';
import {
  clusterOf,
  databaseUrl,
  giveTo,
  makeClusterHome,
  openClusterHome,
  reachableInstallation,
  readClusterHome,
  type ClusterHome,
} from './cluster-home.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
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
  /** Where the system keeps its PostgreSQL versions, when that is not the usual place. */
  readonly systemRoot?: string;
  /** Where the cluster goes when the server's user cannot enter the data folder, when that is not the usual place. */
  readonly outsideRoot?: string;
}

export interface EmbeddedPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

const WRONG_PASSWORD = '28P01';

/** Opens the data folder for this process alone and runs the private PostgreSQL in it. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = await openDataFolder(options.dataDir);
  // Given back in reverse, also when a later step fails.
  await using undo = new AsyncDisposableStack();
  const holdFolder = async (folder: string) => {
    const lock = await lockFolder(folder);
    undo.defer(() => lock.release());
  };

  await holdFolder(dataDir);
  const known = await readClusterHome(dataDir);
  const user = await findServerUser(known && clusterOf(known));
  const home = known ?? (await makeClusterHome(dataDir, user, options.outsideRoot));
  await openClusterHome(home, user);
  if (dirname(home.folder) !== dataDir) {
    // A copied data folder points at the same cluster as the original; only one of them may use it at a time.
    await holdFolder(home.folder);
    options.log(
      `PostgreSQL cannot run as root, and nobody else can enter ${dataDir}: its files are in ${home.folder}.`,
    );
  }
  const server = await startCluster(home, user, options);
  undo.defer(() => server.stop());
  const url = databaseUrl(home, server.port);
  await ensureDatabase(url, dataDir);

  const running = undo.move();
  return { url, stop: () => running.disposeAsync() };
}

async function openDataFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.R_OK | constants.W_OK);
    return await realpath(folder);
  } catch (error) {
    throw new EmbeddedPostgresError(
      'data_folder',
      `The data folder ${folder} cannot be used (${errorCode(error) ?? String(error)}). ` +
        'It has to be a folder the user who starts Parley may write to; PARLEY_DATA_DIR names another one.',
      { cause: error },
    );
  }
}

async function startCluster(
  home: ClusterHome,
  user: ServerUser | undefined,
  { log, systemRoot }: EmbeddedPostgresOptions,
): Promise<RunningServer> {
  const cluster = clusterOf(home);
  const major = await clusterMajor(cluster);
  const chosen = chooseInstallation(await findInstallations(systemRoot), major);
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
async function ensureDatabase(url: string, dataDir: string): Promise<void> {
  const admin = new Client({ connectionString: new URL('/postgres', url).href });
  try {
    await admin.connect();
    const { rowCount } = await admin.query(`select 1 from pg_database where datname = 'parley'`);
    if (rowCount === 0) await admin.query('create database parley');
  } catch (error) {
    if (errorCode(error) !== WRONG_PASSWORD) throw error;
    throw new EmbeddedPostgresError(
      'password',
      `The password in ${join(dataDir, 'database.json')} does not open the database. Put back the file that belongs to it.`,
      { cause: error },
    );
  } finally {
    await admin.end();
  }
}

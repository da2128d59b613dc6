import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from '../../../lib/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Installation } from './installations.ts';
import { canReach, type ServerUser } from './server-user.ts';

/** Where a cluster lives and how to sign in to it; kept in the data folder as `database.json`. */
export interface ClusterHome {
  /** Holds the cluster, and copies of programs if they had to be made reachable. */
  readonly folder: string;
  readonly password: string;
}

const POINTER = 'database.json';
const OUTSIDE_ROOT = '/var/lib';

export function clusterOf({ folder }: ClusterHome): string {
  return join(folder, 'cluster');
}

export function databaseUrl({ password }: ClusterHome, port: number): string {
  return `postgres://parley:${password}@127.0.0.1:${port}/parley`;
}

/** The home named by the data folder, if it has one yet. */
export async function readClusterHome(dataDir: string): Promise<ClusterHome | undefined> {
  const file = join(dataDir, POINTER);
  try {
    const home = JSON.parse(await readFile(file, 'utf8')) as ClusterHome;
    return { ...home, folder: resolve(dataDir, home.folder) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new EmbeddedPostgresError('pointer', `${file} cannot be read: ${String(error)}`, { cause: error });
  }
}

/** Chooses a home and a password, and remembers both in the data folder. */
export async function makeClusterHome(
  dataDir: string,
  user: ServerUser | undefined,
  outsideRoot = OUTSIDE_ROOT,
): Promise<ClusterHome> {
  const reachable = user === undefined || (await canReach(dataDir, user));
  // Not derived from the path: whoever deletes the data folder and starts anew must not meet the old cluster.
  const folder = reachable ? 'postgres' : join(outsideRoot, `parley-${randomBytes(6).toString('hex')}`);
  const home = { folder, password: randomBytes(24).toString('base64url') };
  // Written before the cluster exists: a password that reached the cluster but not the disk would lock us out.
  const file = join(dataDir, POINTER);
  await writeFile(`${file}.draft`, `${JSON.stringify(home, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.draft`, file);
  return { ...home, folder: resolve(dataDir, folder) };
}

/** The folder exists and the server's user can walk into it. */
export async function openClusterHome({ folder }: ClusterHome, user: ServerUser | undefined): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (user === undefined) return;
  // Root's umask may hide from others what only has to be walked through; the cluster inside stays closed.
  await chmod(folder, 0o711);
  if (await canReach(folder, user)) return;
  throw new EmbeddedPostgresError(
    'unreachable',
    `PostgreSQL has to run as "${user.name}", who cannot enter ${folder}. Open the folders on that way (chmod o+x), ` +
      'or start Parley as the ordinary user who owns them.',
  );
}

/**
 * Programs below a folder the server's user cannot enter (a checkout in root's home, say) are copied beside the
 * cluster once; system programs are reachable anyway.
 */
export async function reachableInstallation(
  installation: Installation,
  home: string,
  user: ServerUser | undefined,
): Promise<Installation> {
  if (user === undefined || (await canReach(installation.bin, user))) return installation;
  const copy = join(home, `programs-${installation.major}`);
  if (!(await present(copy))) {
    const draft = `${copy}.draft-${process.pid}`;
    await cp(dirname(installation.bin), draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, copy);
  }
  return { ...installation, bin: join(copy, 'bin') };
}

/** A folder only the server's user may read, as PostgreSQL demands of its data. */
export async function giveTo(folder: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  if (user !== undefined) await chown(folder, user.uid, user.gid);
}

async function present(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

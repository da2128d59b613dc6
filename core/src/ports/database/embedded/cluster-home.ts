import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
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

/** The home named by the data folder, made on the first start. */
export async function openClusterHome(
  dataDir: string,
  user: ServerUser | undefined,
  outsideRoot = OUTSIDE_ROOT,
): Promise<ClusterHome> {
  const pointer = join(dataDir, POINTER);
  const known = await readPointer(pointer);
  const home = known ?? (await newHome(dataDir, user, outsideRoot));
  // The pointer is written first: a password that reached the cluster but not the disk would lock us out.
  if (known === undefined) await writePointer(pointer, home);
  const folder = resolve(dataDir, home.folder);
  await mkdir(folder, { recursive: true });
  if (user !== undefined && !(await canReach(folder, user))) {
    throw new EmbeddedPostgresError(
      'unreachable',
      `PostgreSQL has to run as "${user.name}", who cannot enter ${folder}. Open the folders on that way (chmod o+x), ` +
        'or start Parley as the ordinary user who owns them.',
    );
  }
  return { ...home, folder };
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

async function newHome(dataDir: string, user: ServerUser | undefined, outsideRoot: string): Promise<ClusterHome> {
  const password = randomBytes(24).toString('base64url');
  if (user === undefined || (await canReach(dataDir, user))) return { folder: 'postgres', password };
  const mark = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 12);
  return { folder: join(outsideRoot, `parley-${mark}`), password };
}

async function readPointer(file: string): Promise<ClusterHome | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ClusterHome;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new EmbeddedPostgresError('pointer', `${file} cannot be read: ${String(error)}`, { cause: error });
  }
}

async function writePointer(file: string, home: ClusterHome): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, `${JSON.stringify(home, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

async function present(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

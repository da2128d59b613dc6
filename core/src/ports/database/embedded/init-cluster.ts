import { execFile } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../../lib/error-code.ts';
import { giveTo } from './cluster-home.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Installation } from './installations.ts';
import type { ServerUser } from './server-user.ts';

export interface InitOptions {
  readonly cluster: string;
  readonly installation: Installation;
  readonly user: ServerUser | undefined;
  /** Of the superuser `parley`; without one every local connection is trusted, which only tests may want. */
  readonly password?: string;
  /** Wait until the new files are safely on the disk. */
  readonly sync: boolean;
}

const run = promisify(execFile);

/** The major version that wrote the cluster, or undefined while there is none. */
export async function clusterMajor(cluster: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(cluster, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes a new cluster under a draft name and renames it when it is whole: a start cut short leaves no half of one. */
export async function initCluster(options: InitOptions): Promise<void> {
  const draft = `${options.cluster}.draft`;
  await rm(draft, { recursive: true, force: true });
  await giveTo(draft, options.user);
  const data = join(draft, 'data');
  await giveTo(data, options.user);
  const passwordFile = join(draft, 'password');
  // Root writes it, the server's user reads it: the folder around it belongs to that user alone.
  if (options.password !== undefined) await writeFile(passwordFile, options.password, { mode: 0o644 });
  const access = options.password === undefined ? ['-A', 'trust'] : ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const sync = options.sync ? [] : ['--no-sync'];
  try {
    await run(
      join(options.installation.bin, 'initdb'),
      ['-D', data, '-U', 'parley', '-E', 'UTF8', ...localeOf(options.installation.major), ...access, ...sync],
      { cwd: draft, uid: options.user?.uid, gid: options.user?.gid, env: { LC_ALL: 'C', TZ: 'UTC' } },
    );
  } catch (error) {
    throw new EmbeddedPostgresError('init', `initdb could not make ${options.cluster}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  await rename(data, options.cluster);
  await rm(draft, { recursive: true, force: true });
}

/** Unicode letters, but an order by code point: it never changes with the system's libraries, so no index rots. */
function localeOf(major: number): string[] {
  if (major < 17) return ['--locale=C.UTF-8'];
  return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

function reasonOf(error: unknown): string {
  const said = typeof error === 'object' && error !== null && 'stderr' in error ? error.stderr : undefined;
  return typeof said === 'string' && said !== '' ? said.trim() : String(error);
}

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../../lib/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** The account PostgreSQL runs under when we are root, which it refuses to be. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);

/**
 * Undefined for an ordinary user: PostgreSQL then simply runs as ourselves. A cluster that exists keeps its owner, so
 * that one start as root does not take it away from the person who made it.
 */
export async function findServerUser(cluster?: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = cluster === undefined ? undefined : await ownerOf(cluster);
  if (owner !== undefined && owner.uid !== 0) return owner;
  for (const name of ['postgres', 'nobody']) {
    const uid = await idOf('-u', name);
    const gid = await idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new EmbeddedPostgresError(
    'no_user',
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" to run it as. ' +
      'Start Parley as an ordinary user, or point DATABASE_URL at a server.',
  );
}

/** Whether the user can walk into `folder`: every folder on the way must let it through. */
export async function canReach(folder: string, user: ServerUser): Promise<boolean> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    let needed = 0o001;
    if (uid === user.uid) needed = 0o100;
    else if (gid === user.gid) needed = 0o010;
    if ((mode & needed) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function ownerOf(folder: string): Promise<ServerUser | undefined> {
  try {
    const { uid, gid } = await stat(folder);
    return { name: `uid ${uid}`, uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | undefined> {
  try {
    return Number((await run('id', [flag, name])).stdout);
  } catch {
    // `id` ends with 1 for a name it does not know; without `id` no name can be known.
    return undefined;
  }
}

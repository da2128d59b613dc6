import { access, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { errorCode } from '../../../lib/error-code.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** One set of PostgreSQL programs on this machine. */
export interface Installation {
  readonly bin: string;
  readonly major: number;
  readonly source: 'system' | 'package';
}

/** Older servers lack what our migrations use. */
const OLDEST_MAJOR = 15;
const SYSTEM_ROOT = '/usr/lib/postgresql';
const run = promisify(execFile);

/** Everything usable here, the best choice for a new cluster first: the system's newest, then the packaged one. */
export async function findInstallations(systemRoot = SYSTEM_ROOT): Promise<Installation[]> {
  const found = await Promise.all([systemInstallations(systemRoot), packagedInstallations()]);
  return found.flat().filter(({ major }) => major >= OLDEST_MAJOR);
}

/** The installation for a cluster: any for a new one, only the same major version for one with data in it. */
export function chooseInstallation(
  installations: readonly Installation[],
  dataMajor: number | undefined,
): Installation {
  const choice = installations.find(({ major }) => dataMajor === undefined || major === dataMajor);
  if (choice !== undefined) return choice;
  if (dataMajor === undefined) {
    throw new EmbeddedPostgresError(
      'no_binaries',
      `No PostgreSQL ${OLDEST_MAJOR} or newer was found on this system, and there is no packaged one for ` +
        `${process.platform} ${process.arch}. Install PostgreSQL, or point DATABASE_URL at a server.`,
    );
  }
  const present = installations.map(({ major }) => major).join(', ') || 'none';
  throw new EmbeddedPostgresError(
    'version_mismatch',
    `The data folder was written by PostgreSQL ${dataMajor}, but this machine has: ${present}. ` +
      `Install PostgreSQL ${dataMajor}, or dump the old data with it and start with a new data folder.`,
  );
}

async function systemInstallations(root: string): Promise<Installation[]> {
  const majors = (await namesIn(root)).filter((name) => /^\d+$/.test(name)).map(Number);
  majors.sort((a, b) => b - a);
  const installations: Installation[] = [];
  for (const major of majors) {
    const bin = join(root, String(major), 'bin');
    // Debian's client-only package makes the same folder without the server in it.
    if ((await exists(join(bin, 'postgres'))) && (await exists(join(bin, 'initdb')))) {
      installations.push({ bin, major, source: 'system' });
    }
  }
  return installations;
}

async function packagedInstallations(): Promise<Installation[]> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const entry = resolvePackage(`@embedded-postgres/${platform}-${process.arch}`);
  if (entry === undefined) return [];
  const bin = join(dirname(entry), '..', 'native', 'bin');
  const { stdout } = await run(join(bin, 'postgres'), ['--version']);
  const major = Number(/(\d+)(\.|beta|rc|devel|\s)/.exec(stdout)?.[1]);
  return [{ bin, major, source: 'package' }];
}

/** The platform package is a dependency of `embedded-postgres`, so it is looked up from there. */
function resolvePackage(name: string): string | undefined {
  try {
    return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    if (errorCode(error) === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

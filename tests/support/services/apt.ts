import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Another apt may be at work, as on a machine that has just booted. */
const WAIT_FOR_LOCK = ['-o', 'DPkg::Lock::Timeout=300'];
const QUIET = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };

/** Installs packages as root; RUNLEVEL keeps their services from being started. Tells whether that worked. */
export async function aptInstall(packages: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  try {
    await run('apt-get', [...WAIT_FOR_LOCK, 'update'], { env: QUIET });
    await run('apt-get', [...WAIT_FOR_LOCK, 'install', '-y', '--no-install-recommends', ...packages], { env: QUIET });
    return true;
  } catch {
    // No apt, no network, no such package: the caller knows another way, or says what to install.
    return false;
  }
}

/** Unpacks packages into `folder` without any right over the system. Those that do not exist here are left out. */
export async function aptUnpack(packages: readonly string[], folder: string): Promise<boolean> {
  // Lists and downloads of our own: the system's belong to root.
  const lists = join(folder, 'lists');
  const archives = join(folder, 'archives');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  const dirs = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${archives}`, '-o', 'Debug::NoLocking=1'];
  try {
    await run('apt-get', [...dirs, 'update'], { env: QUIET });
    for (const name of packages) {
      // A library may carry another name in another release; whether one was needed shows when the program runs.
      await run('apt-get', [...dirs, 'download', name], { cwd: archives, env: QUIET }).catch(() => undefined);
    }
    const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
    for (const file of files) await run('dpkg', ['-x', join(archives, file), folder]);
    return files.length > 0;
  } catch {
    // As above.
    return false;
  }
}

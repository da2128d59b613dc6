import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { say } from './processes.mjs';

/**
 * Brings node_modules in line with the lockfile. pnpm itself looks every time (a fifth of a second when nothing
 * changed), so a damaged folder is mended; the stamp only decides whether there is something to tell about.
 */
export function installPackages(root, { env }) {
  const stamp = join(root, 'node_modules', '.parley-lockfile');
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  const known = read(stamp) === lockfile;
  const done = known ? () => {} : say('installing packages');
  const quiet = install(root, env, known ? 'silent' : 'append-only');
  // A silent failure says nothing about itself: let pnpm tell it again aloud.
  const ok = quiet || (known && install(root, env, 'append-only'));
  if (!ok) throw new Error('the packages could not be installed; the message of pnpm is above.');
  done();
  if (known) return;
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lockfile);
}

function install(root, env, reporter) {
  const args = ['install', '--frozen-lockfile', '--prefer-offline', `--reporter=${reporter}`];
  // CI makes pnpm replace a node_modules made by another tool without asking.
  const options = {
    cwd: root,
    env: { ...env, CI: 'true' },
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  };
  const { status, error } = spawnSync('pnpm', args, options);
  if (error !== undefined) throw new Error(`pnpm could not be run: ${error.message}`);
  return status === 0;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisProgram } from '../../../core/src/testing/services/index.ts';
import { aptInstall, aptUnpack } from './apt.ts';
import { findProgram } from './find-program.ts';

/** redis-server and the libraries of its own; the rest of Debian's list is on every system. */
const PACKAGES = ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2', 'liblua5.1-0', 'lua-cjson', 'lua-bitop'];

/** The system's Redis, else one installed now, else one unpacked into the cache folder. */
export async function ensureRedis(cache: string, log: (line: string) => void): Promise<RedisProgram> {
  const present = await findProgram(['redis-server', '/usr/bin/redis-server']);
  if (present !== undefined) return { path: present };

  const folder = join(cache, 'redis');
  const unpacked = await unpackedRedis(folder);
  if (unpacked !== undefined) return unpacked;

  log('getting redis-server');
  if (await aptInstall(['redis-server'])) {
    const installed = await findProgram(['redis-server', '/usr/bin/redis-server']);
    if (installed !== undefined) return { path: installed };
  }
  if (await aptUnpack(PACKAGES, folder)) {
    const fetched = await unpackedRedis(folder);
    if (fetched !== undefined) return fetched;
  }
  throw new Error('The tests need redis-server 7 or newer, and it could not be installed. Install it, then try again.');
}

async function unpackedRedis(folder: string): Promise<RedisProgram | undefined> {
  const libraries = join(folder, 'usr/lib');
  const triplets = await readdir(libraries).catch(() => []);
  const libraryPath = triplets.map((name) => join(libraries, name)).join(':');
  const env = { LD_LIBRARY_PATH: libraryPath };
  const path = await findProgram([join(folder, 'usr/bin/redis-server')], env);
  return path === undefined ? undefined : { path, libraryPath };
}

import { createHash, type Hash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAbsent } from './unless-absent.ts';

/** Made by tools, or read by tests only: a change in there changes no build. */
const IGNORED = /^(node_modules|dist|test-results|screenshots)$|\.test\.ts$|\.md$/;

/** One value for the names and contents of files and whole folders below `base`. One that is absent counts as empty. */
export async function contentHash(base: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) await add(hash, base, path);
  return hash.digest('hex');
}

async function add(hash: Hash, base: string, path: string): Promise<void> {
  const full = join(base, path);
  const info = await unlessAbsent(stat(full));
  if (info === undefined) return;
  if (!info.isDirectory()) {
    // The length keeps a file's end apart from the next one's name.
    hash.update(`${path}\0${info.size}\0`).update(await readFile(full));
    return;
  }
  const names = await readdir(full);
  for (const name of names.filter((entry) => !IGNORED.test(entry)).toSorted()) await add(hash, base, join(path, name));
}

import { createHash, type Hash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Made by tools, or read by tests only: a change in there changes no build. */
const IGNORED = /^(node_modules|dist|test-results|screenshots)$|\.test\.ts$|\.md$/;

/** One value for the names and contents of files and whole folders. A path that does not exist counts as empty. */
export async function contentHash(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths) await add(hash, path);
  return hash.digest('hex');
}

async function add(hash: Hash, path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return;
  if (!info.isDirectory()) {
    hash.update(`${path}\0`).update(await readFile(path));
    return;
  }
  const names = await readdir(path);
  for (const name of names.filter((entry) => !IGNORED.test(entry)).toSorted()) await add(hash, join(path, name));
}

import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

export interface BuiltFile {
  /** Below the folder, such as `assets/index-1a2b.js`. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

/**
 * Puts a build in place of the last one under the eyes of a server that is running: what a page needs is there before the page names it,
 * no file is ever half written, and what no page names any more goes last.
 */
export async function publish(folder: string, files: readonly BuiltFile[]): Promise<void> {
  const pages = files.filter(({ name }) => name.endsWith('.html'));
  const parts = files.filter((file) => !pages.includes(file));
  await Promise.all(parts.map((file) => put(folder, file)));
  await Promise.all(pages.map((file) => put(folder, file)));
  await removeOthers(folder, new Set(files.map(({ name }) => name)));
}

async function put(folder: string, { name, content }: BuiltFile): Promise<void> {
  const path = join(folder, name);
  // The name of an asset holds the hash of what is in it.
  if (name.startsWith('assets/') && existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  // Two builds may run at once; each writes drafts of its own.
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, content);
  await rename(draft, path);
}

async function removeOthers(folder: string, names: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const others = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    // Drafts are those of a build that still runs.
    .filter((name) => !names.has(name) && !name.endsWith('.draft'));
  await Promise.all(others.map((name) => rm(join(folder, name), { force: true })));
}

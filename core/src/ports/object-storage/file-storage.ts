import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../../lib/error-code.ts';
import { requireKey } from './object-key.ts';
import type { ObjectStorage, StoredObject } from './object-storage.ts';

/** Beside the objects, under a name no key can have. */
const DRAFTS = '.drafts';

/** Objects as files of the same names below a folder. */
export function createFileStorage(folder: string): ObjectStorage {
  const pathOf = (key: string) => {
    requireKey(key);
    return join(folder, key);
  };

  return {
    async put(key, body) {
      const file = pathOf(key);
      const draft = join(folder, DRAFTS, randomUUID());
      await mkdir(dirname(draft), { recursive: true });
      await mkdir(dirname(file), { recursive: true });
      try {
        await pipeline(body, createWriteStream(draft, { mode: 0o600, flush: true }));
        await rename(draft, file);
      } finally {
        await rm(draft, { force: true });
      }
    },

    async get(key) {
      try {
        const handle = await open(pathOf(key));
        if ((await handle.stat()).isFile()) return handle.createReadStream();
        await handle.close();
        return null;
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },

    list: (prefix = '') => walk(folder, '', prefix),

    delete: (key) => rm(pathOf(key), { force: true }),
  };
}

async function* walk(root: string, below: string, prefix: string): AsyncGenerator<StoredObject> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const named = entries
    .filter(({ name }) => !name.startsWith('.'))
    .map((entry) => ({ entry, key: below + entry.name + (entry.isDirectory() ? '/' : '') }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  for (const { entry, key } of named) {
    if (entry.isDirectory()) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* walk(root, key, prefix);
    } else if (entry.isFile() && key.startsWith(prefix)) {
      const found = await stat(join(root, key)).catch((error: unknown) => {
        // Deleted between our two looks.
        if (isAbsent(error)) return null;
        throw error;
      });
      if (found !== null) yield { key, bytes: found.size };
    }
  }
}

function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}

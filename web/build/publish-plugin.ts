import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { publish, type BuiltFile } from './publish.ts';

/** Vite empties its folder before it writes into it, and a server that is running would have no page for that long. So the files are put there by us. */
export function publishPlugin(): Plugin {
  let outDir = '';
  let publicDir = '';
  return {
    name: 'publish',
    apply: 'build',
    config: () => ({ build: { emptyOutDir: false, copyPublicDir: false } }),
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      async handler(_, bundle, isWrite) {
        if (!isWrite) return;
        const files = Object.values(bundle).map((file) => ({
          name: file.fileName,
          content: file.type === 'chunk' ? file.code : file.source,
        }));
        await publish(outDir, [...files, ...(await filesIn(publicDir))]);
        for (const name of Object.keys(bundle)) delete bundle[name];
      },
    },
  };
}

async function filesIn(folder: string): Promise<BuiltFile[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => ({ name, content: await readFile(join(folder, name)) })));
}

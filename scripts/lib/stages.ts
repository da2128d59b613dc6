import { readdir, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.ts';
import type { Stage } from './stage.ts';
import { unlessAbsent } from './unless-absent.ts';

// The builders are loaded where they are used: a start that has nothing to build should not wait for them.

/** What every build depends on beside its own sources. */
const SHARED = ['sdk/src', 'sdk/package.json', 'pnpm-lock.yaml'];

export const webStage: Stage = {
  name: 'web',
  title: 'building the web app',
  inputs: ['web', ...SHARED],
  output: 'web/dist/index.html',
  async run() {
    const { build } = await import('vite');
    await build({ root: join(root, 'web'), logLevel: 'error' });
  },
};

/** One stage for each plugin that comes with Parley. */
export async function pluginStages(): Promise<Stage[]> {
  const names = await readdir(join(root, 'plugins'));
  const withManifest = await Promise.all(names.map(async (name) => ((await isPlugin(name)) ? [name] : [])));
  return withManifest.flat().map((name) => ({
    name: `plugin-${name}`,
    title: `bundling the plugin ${name}`,
    inputs: [`plugins/${name}`, ...SHARED],
    output: `plugins/${name}/dist/server.js`,
    async run() {
      const folder = join(root, 'plugins', name);
      const { bundlePlugin } = await import('../../sdk/src/package/index.ts');
      const { code } = await bundlePlugin(folder);
      await mkdir(join(folder, 'dist'), { recursive: true });
      // Renamed when whole: a core that starts meanwhile must not read half of it.
      const output = join(folder, 'dist', 'server.js');
      await writeFile(`${output}.draft`, code);
      await rename(`${output}.draft`, output);
    },
  }));
}

async function isPlugin(name: string): Promise<boolean> {
  return (await unlessAbsent(stat(join(root, 'plugins', name, 'parley.plugin.json')))) !== undefined;
}

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { collectModules } from './collect-modules.ts';
import { joinGuest } from './join-guest.ts';
import type { WorkerBundle } from './worker-bundle.ts';

/**
 * Run as a short process of its own: prints what a worker needs as JSON. Removing types takes WebAssembly, which a worker without a
 * just-in-time compiler does not have, and prints a warning that has no place on the core's console.
 */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const require = createRequire(import.meta.url);
const entry = new URL(`../worker/entry.${extension}`, import.meta.url);
const modules = await collectModules(entry);

const packages: Record<string, string> = {};
const readable = new Set<string>();
for (const specifier of new Set(modules.flatMap((module) => module.imports))) {
  if (specifier.startsWith('.') || isBuiltin(specifier)) continue;
  const file = realpathSync(require.resolve(specifier));
  packages[specifier] = pathToFileURL(file).href;
  addReadable(packageFolder(file));
}

/** A package and those it needs itself. */
function addReadable(folder: string): void {
  if (readable.has(folder)) return;
  readable.add(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>;
  };
  const requireFrom = createRequire(join(folder, 'package.json'));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    // Also by the path of its link, which is what the loader asks for.
    for (const parent of requireFrom.resolve.paths(name) ?? [])
      if (existsSync(join(parent, name))) readable.add(join(parent, name));
    addReadable(packageFolder(realpathSync(requireFrom.resolve(name))));
  }
}
function packageFolder(file: string): string {
  let folder = dirname(file);
  while (!/[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+$/.test(folder) && dirname(folder) !== folder)
    folder = dirname(folder);
  return folder;
}

const bundle: WorkerBundle = {
  entry: entry.href,
  modules: Object.fromEntries(modules.map((module) => [module.url, module.source])),
  guest: joinGuest(await collectModules(new URL(`../guest/main.${extension}`, import.meta.url))),
  packages,
  readable: [...readable],
};
process.stdout.write(JSON.stringify(bundle));

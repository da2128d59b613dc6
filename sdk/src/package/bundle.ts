import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Plugin } from 'vite';

import type { PluginManifest } from '../contract/plugin-manifest.ts';
import { BundleError } from './bundle-error.ts';
import { readManifest } from './read-manifest.ts';

/** Where an author's code begins, in the order they are looked for. */
const entries = ['src/index.ts', 'src/index.js'];
const sdkFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The plugin in a folder as it is loaded into a sandbox: its manifest, and its server code as one module without imports. */
export async function bundlePlugin(folder: string): Promise<{ manifest: PluginManifest; code: string }> {
  const manifest = await readManifest(folder);
  const entry = entries.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (!entry) throw new BundleError(`There is no ${entries.join(' or ')} in ${folder}`);
  return { manifest, code: await bundle(folder, entry, []) };
}

/** One TypeScript or JavaScript text; it may import `@parley/sdk/plugin` and what is installed beside the SDK. */
export function bundleSource(source: string): Promise<string> {
  const entry = join(sdkFolder, 'plugin-source.ts');
  return bundle(sdkFolder, entry, [
    {
      name: 'parley:source',
      enforce: 'pre',
      resolveId: (id) => (id === entry ? id : null),
      load: (id) => (id === entry ? source : null),
    },
  ]);
}

/** There is no Node inside the sandbox; said while bundling, by the name of the file that asked. */
function noBuiltins(folder: string): Plugin {
  return {
    name: 'parley:no-builtins',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!isBuiltin(id)) return null;
      const where = importer ? relative(folder, importer) : 'The plugin';
      throw new BundleError(
        `${where} imports "${id}", but plugins have no Node modules; use the web's own names (fetch, URL, crypto)`,
      );
    },
  };
}

async function bundle(folder: string, entry: string, plugins: Plugin[]): Promise<string> {
  // Loaded at need: the core reads manifests from here and must not carry a bundler in memory.
  const { build } = await import('vite');
  let result;
  try {
    result = await build({
      configFile: false,
      envFile: false,
      root: dirname(entry) === folder ? folder : dirname(dirname(entry)),
      logLevel: 'silent',
      publicDir: false,
      plugins: [noBuiltins(folder), ...plugins],
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        write: false,
        minify: false,
        target: 'es2024',
        lib: { entry, formats: ['es'], fileName: 'server' },
        rolldownOptions: { output: { codeSplitting: false } },
      },
    });
  } catch (error) {
    throw new BundleError(explain(error));
  }
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []));
  const [chunk, ...others] = outputs.filter((output) => output.type === 'chunk');
  if (!chunk || others.length > 0) throw new BundleError('The plugin does not bundle into one file');
  const imports = [...chunk.imports, ...chunk.dynamicImports];
  if (imports.length > 0) throw new BundleError(`These imports could not be bundled: ${imports.join(', ')}`);
  return chunk.code;
}

/** The bundler wraps what a plugin of ours threw; an author wants the one sentence. */
function explain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const ours = /\S+ imports "[^"]+", but plugins have no Node modules[^\n]*/.exec(text);
  // Colours are for terminals, and this text also stands in logs and on screens.
  // oxlint-disable-next-line no-control-regex
  return (ours?.[0] ?? text).replace(/\u001B\[[\d;]*m/g, '').slice(0, 2_000);
}

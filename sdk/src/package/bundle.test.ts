import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { bundlePlugin, bundleSource, manifestFileName, readManifest } from './index.ts';

const manifest = {
  id: 'acme.thing',
  version: '1.0.0',
  api: '2026-11-01',
  name: 'Thing',
  description: 'Does a thing',
  author: 'Acme',
  license: 'MIT',
  contributes: { promptTransforms: [{ id: 'main', name: 'Main' }] },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-bundle-'));
  await mkdir(join(folder, 'src'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

describe('bundling a plugin', () => {
  it('makes one module without imports of several files', async () => {
    await write({
      [manifestFileName]: JSON.stringify(manifest),
      'src/index.ts': `import { word } from './word.ts';\nexport default { word: (): string => word };`,
      'src/word.ts': `export const word: string = 'hello';`,
    });
    const bundled = await bundlePlugin(folder);
    expect(bundled.manifest.id).toBe('acme.thing');
    expect(bundled.code).not.toMatch(/^import/m);
    const url = `data:text/javascript,${encodeURIComponent(bundled.code)}`;
    const loaded = (await import(url)) as { default: { word(): string } };
    expect(loaded.default.word()).toBe('hello');
  });

  it('takes a source text that imports the SDK', async () => {
    const code = await bundleSource(
      `import { definePlugin } from '@parley/sdk/plugin';\nexport default definePlugin({});`,
    );
    expect(code).not.toMatch(/^import/m);
    expect(code).toMatch(/export/);
  });

  it.each(['node:fs', 'child_process', 'node:net'])('refuses %s, naming the file that asked', async (name) => {
    await write({
      [manifestFileName]: JSON.stringify(manifest),
      'src/index.ts': `import * as it from '${name}';\nexport default it;`,
    });
    await expect(bundlePlugin(folder)).rejects.toThrow(
      `src/index.ts imports "${name}", but plugins have no Node modules`,
    );
  });

  it('says what is wrong with text that is no code, and with imports that are not there', async () => {
    await expect(bundleSource('export default {{{')).rejects.toMatchObject({ code: 'package.bundle-failed' });
    await expect(bundleSource(`import 'left-pad-of-nobody';`)).rejects.toThrow('left-pad-of-nobody');
  });
});

describe('reading a manifest', () => {
  it('says whether the file is missing, no JSON, or wrong', async () => {
    await expect(readManifest(folder)).rejects.toThrow('does not exist');
    await write({ [manifestFileName]: '{ "id": ' });
    await expect(readManifest(folder)).rejects.toThrow('is not JSON');
    await write({ [manifestFileName]: JSON.stringify({ ...manifest, version: 1 }) });
    await expect(readManifest(folder)).rejects.toThrow('version is not a string. Write a string.');
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@parley/sdk/package';
import type { PluginManifest } from '@parley/sdk/contract';
import type { TrustGroup } from '@parley/sdk/sandbox';

/** A plugin as it lies on disk: what it says of itself, and its one server file. */
export interface PluginPackage {
  manifest: PluginManifest;
  code: string;
  trust: TrustGroup;
}

/** Reads every plugin below `folder`. One that can't be read is reported and left out; it stops none of the others. */
export async function readPluginPackages(
  folder: string,
  trust: TrustGroup,
  onBroken: (folder: string, error: unknown) => void,
): Promise<PluginPackage[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const found = await Promise.all(
    names.map(async ({ name }) => {
      const path = join(folder, name);
      try {
        const manifest = await readManifest(path);
        return { manifest, code: await readFile(join(path, manifest.server), 'utf8'), trust };
      } catch (error) {
        onBroken(path, error);
        return null;
      }
    }),
  );
  return found.filter((entry) => entry !== null).toSorted((a, b) => a.manifest.id.localeCompare(b.manifest.id));
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type ManifestProblem, validateManifest } from '../contract/manifest-problems.ts';
import type { PluginManifest } from '../contract/plugin-manifest.ts';

export const manifestFileName = 'parley.plugin.json';

export class ManifestInvalid extends Error {
  readonly code = 'package.manifest-invalid';
  readonly problems: ManifestProblem[];

  constructor(problems: ManifestProblem[]) {
    const lines = problems.map(({ path, problem, fix }) => `  ${path || 'the file'} ${problem}. ${fix}.`);
    super(`${manifestFileName} is not valid:\n${lines.join('\n')}`);
    this.name = 'ManifestInvalid';
    this.problems = problems;
  }
}

/** Throws `ManifestInvalid`, also when the file is missing or no JSON. */
export async function readManifest(folder: string): Promise<PluginManifest> {
  const path = join(folder, manifestFileName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    const fix = `Put a ${manifestFileName} into ${folder}`;
    throw new ManifestInvalid([{ path: '', problem: 'does not exist', fix }]);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const problem = `is not JSON (${error instanceof Error ? error.message : 'unreadable'})`;
    throw new ManifestInvalid([{ path: '', problem, fix: 'Look for a missing quote or a comma too many' }]);
  }
  const result = validateManifest(json);
  if (!result.ok) throw new ManifestInvalid(result.problems);
  return result.manifest;
}

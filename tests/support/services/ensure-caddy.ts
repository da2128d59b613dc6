import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aptUnpack } from './apt.ts';

const run = promisify(execFile);

/** The system's Caddy, else Debian's unpacked into the cache folder; undefined where neither can be had. */
export async function ensureCaddy(cache: string): Promise<string | undefined> {
  const folder = join(cache, 'caddy');
  const unpacked = join(folder, 'usr/bin/caddy');
  for (const path of ['caddy', unpacked]) if (await runs(path)) return path;
  await aptUnpack(['caddy'], folder);
  return (await runs(unpacked)) ? unpacked : undefined;
}

/** It knows no `--version`. */
function runs(path: string): Promise<boolean> {
  return run(path, ['version']).then(
    () => true,
    () => false,
  );
}

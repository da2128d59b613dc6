import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { say } from '../bootstrap/processes.mjs';
import { contentHash } from './content-hash.ts';
import { root } from './root.ts';
import { unlessAbsent } from './unless-absent.ts';

/** A step whose result stays valid until one of its inputs changes. */
export interface Stage {
  readonly name: string;
  /** What people read while it runs: "building the web app". */
  readonly title: string;
  /** Files and folders, from the root. */
  readonly inputs: readonly string[];
  /** The file that proves the result is there. */
  readonly output: string;
  run(): Promise<void>;
}

/** Runs the stage unless its result was made from the very same inputs. */
export async function bringUpToDate(stage: Stage, base = root): Promise<'built' | 'kept'> {
  if (await isUpToDate(stage, base)) return 'kept';
  const stamp = stampOf(stage, base);
  await rm(stamp, { force: true });
  const hash = await contentHash(base, stage.inputs);
  const done = say(stage.title);
  await stage.run();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
  done();
  return 'built';
}

export async function isUpToDate(stage: Stage, base = root): Promise<boolean> {
  if ((await unlessAbsent(stat(join(base, stage.output)))) === undefined) return false;
  const stamp = await unlessAbsent(readFile(stampOf(stage, base), 'utf8'));
  return stamp === (await contentHash(base, stage.inputs));
}

function stampOf(stage: Stage, base: string): string {
  return join(base, '.cache', 'stages', stage.name);
}

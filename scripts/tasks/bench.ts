import { runNode } from '../lib/core-process.ts';
import { ensureBuilt } from '../lib/ensure-built.ts';

export async function run(args: string[]): Promise<number> {
  await ensureBuilt();
  return runNode('tests/bench/main.ts', args);
}

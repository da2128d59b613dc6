import { runNode } from '../lib/core-process.ts';
import { run as build } from './build.ts';

export async function run(args: string[]): Promise<number> {
  await build();
  return runNode('tests/bench/main.ts', args);
}

import { join } from 'node:path';
import { root } from './root.ts';

/** A static check: one program that ends with 0 when all is well. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
}

const bin = (folder: string, name: string) => join(root, folder, 'node_modules', '.bin', name);

export const checks = {
  format: { name: 'format', command: bin('.', 'oxfmt'), args: ['--check'], cwd: root },
  lint: { name: 'lint', command: bin('.', 'oxlint'), args: [], cwd: root },
  types: { name: 'types', command: bin('.', 'tsc'), args: ['-p', '.'], cwd: root },
  webTypes: {
    name: 'types of the web app',
    command: bin('web', 'svelte-check'),
    args: ['--output', 'human', '--fail-on-warnings'],
    cwd: join(root, 'web'),
  },
} satisfies Record<string, Check>;

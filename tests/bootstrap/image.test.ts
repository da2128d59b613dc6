import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NODE_VERSION, PNPM_VERSION } from '../../scripts/bootstrap/runtime.mjs';
import { engineFlags } from '../../scripts/lib/core-process.ts';
import { root } from '../../scripts/lib/root.ts';

const read = (file: string) => readFile(join(root, file), 'utf8');
const dockerfile = await read('Dockerfile');
const compose = await read('docker-compose.yml');

test('the image has the versions of everything that starts Parley, and starts it in the same way', () => {
  expect([...dockerfile.matchAll(/FROM node:([\d.]+)-/g)].map(([, version]) => version)).toEqual([
    NODE_VERSION,
    NODE_VERSION,
  ]);
  expect(dockerfile).toContain(`pnpm@${PNPM_VERSION}`);
  const command: unknown = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)![1]!);
  expect(command).toEqual(['node', ...engineFlags, 'core/src/main.ts']);
});

test('every package of the workspace is known to the image: an installation from the lockfile wants them all', async () => {
  const plugins = (await readdir(join(root, 'plugins'))).map((name) => `plugins/${name}`);
  for (const folder of ['core', 'sdk', 'web', 'tests', ...plugins]) {
    expect(dockerfile).toContain(`COPY ${folder}/package.json ${folder}/\n`);
  }
});

test('nothing of the cluster has a password of its own: all are asked for, and the example names them all', async () => {
  const asked = [...compose.matchAll(/\$\{(\w+)([^}]*)\}/g)];
  expect(asked.filter(([, , rest]) => !rest!.startsWith(':?'))).toEqual([]);
  const example = [...(await read('deploy/compose.env.example')).matchAll(/^(\w+)=(.*)$/gm)];
  expect(new Set(example.map(([, name]) => name))).toEqual(new Set(asked.map(([, name]) => name)));
  expect(example.filter(([, , value]) => value !== '')).toEqual([]);
});

test('every service of the cluster has a user, a limit of memory, and a file system it cannot change', () => {
  const [, safe] = /x-safe: &safe\n([\s\S]*?)\n\n/.exec(compose)!;
  expect(safe).toContain('read_only: true');
  expect(safe).toContain('cap_drop: [ALL]');
  const services = /\nservices:\n([\s\S]*?)\n\nconfigs:/.exec(compose)![1]!.split(/\n(?= {2}[\w-]+:)/);
  expect(services.length).toBeGreaterThan(6);
  const core = /x-core: &core\n([\s\S]*?)\n\nservices:/.exec(compose)![1]!;
  for (const service of [...services.map((text) => text.replace('*core', core)), core]) {
    expect(service).toContain('<<: *safe');
    expect(service).toMatch(/^ +user: '\d+:\d+'$/m);
    expect(service).toMatch(/limits: \{.*memory: \d+[mg]/);
  }
});

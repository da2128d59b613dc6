import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chooseInstallation, findInstallations, type Installation } from './installations.ts';

const system15: Installation = { bin: '/a/15/bin', major: 15, source: 'system' };
const packaged18: Installation = { bin: '/b/bin', major: 18, source: 'package' };

test('a new cluster is made by the first choice', () => {
  expect(chooseInstallation([system15, packaged18], undefined)).toBe(system15);
});

test('a cluster is opened by the version that made it', () => {
  expect(chooseInstallation([system15, packaged18], 18)).toBe(packaged18);
});

test('a cluster of a version that is not here is refused with both versions named', () => {
  expect(() => chooseInstallation([system15], 16)).toThrow(/written by PostgreSQL 16, but this machine has: 15\./);
});

test('without any PostgreSQL the way out is named', () => {
  expect(() => chooseInstallation([], undefined)).toThrow(/DATABASE_URL/);
});

test('the newest complete version of the system comes first, and those too old or without a server not at all', async () => {
  const root = await mkdtemp(join(tmpdir(), 'parley-installations-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [major, programs] of [
    ['9', ['postgres', 'initdb']],
    ['13', ['postgres', 'initdb']],
    ['15', ['postgres', 'initdb']],
    ['16', ['postgres', 'initdb']],
    ['17', ['psql']],
  ] as const) {
    await mkdir(join(root, major, 'bin'), { recursive: true });
    for (const program of programs) await writeFile(join(root, major, 'bin', program), '');
  }
  const found = await findInstallations(root);
  expect(found.filter(({ source }) => source === 'system').map(({ major }) => major)).toEqual([16, 15]);
});

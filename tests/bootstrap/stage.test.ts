import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bringUpToDate, type Stage } from '../../scripts/lib/stage.ts';

let folder: string;
let runs: number;
let stage: Stage;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-stage-'));
  runs = 0;
  await mkdir(join(folder, 'src'));
  await writeFile(join(folder, 'src/a.ts'), 'one');
  stage = {
    name: 'example',
    title: 'building the example',
    inputs: ['src', 'lockfile'],
    output: 'dist/out.js',
    async run() {
      runs++;
      await mkdir(join(folder, 'dist'), { recursive: true });
      await writeFile(join(folder, 'dist/out.js'), 'built');
    },
  };
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const update = () => bringUpToDate(stage, folder);

test('what did not change is not built again', async () => {
  expect(await update()).toBe('built');
  expect(await update()).toBe('kept');
  expect(runs).toBe(1);
});

test('a changed, new, renamed or removed input builds again', async () => {
  await update();
  const changes = [
    () => writeFile(join(folder, 'src/a.ts'), 'two'),
    () => writeFile(join(folder, 'src/b.ts'), ''),
    () => writeFile(join(folder, 'lockfile'), '1'),
    () => rm(join(folder, 'src/b.ts')),
  ];
  for (const change of changes) {
    await change();
    expect(await update()).toBe('built');
  }
});

test('tests, documents and results are no inputs', async () => {
  await update();
  await writeFile(join(folder, 'src/a.test.ts'), 'x');
  await writeFile(join(folder, 'src/README.md'), 'x');
  await mkdir(join(folder, 'src/node_modules'));
  await writeFile(join(folder, 'src/node_modules/x.js'), 'x');
  expect(await update()).toBe('kept');
});

test('a result that was deleted is built again', async () => {
  await update();
  await rm(join(folder, 'dist'), { recursive: true });
  expect(await update()).toBe('built');
});

test('a build that failed is not taken for done', async () => {
  await update();
  await writeFile(join(folder, 'src/a.ts'), 'broken');
  const failing = { ...stage, run: () => Promise.reject(new Error('does not compile')) };
  await expect(bringUpToDate(failing, folder)).rejects.toThrow('does not compile');
  await writeFile(join(folder, 'src/a.ts'), 'one');
  expect(await update()).toBe('built');
});

test('what cannot be read is not taken for absent', async () => {
  await update();
  // A link to itself fails for root too, whom no permission stops.
  await symlink('loop', join(folder, 'src/loop'));
  await expect(update()).rejects.toMatchObject({ code: 'ELOOP' });
  expect(runs).toBe(1);
});

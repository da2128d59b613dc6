// @vitest-environment node
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publish } from './publish.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-publish-'));
});
afterEach(() => rm(folder, { recursive: true }));

const pageOf = (part: string) => ({ name: 'index.html', content: `<script src="/assets/${part}.js"></script>` });
const partOf = (name: string) => ({ name: `assets/${name}.js`, content: `say('${name}')` });
const read = (name: string) => readFile(join(folder, name), 'utf8');

/** Looks at the folder as a server does, again and again, and tells which pages named a part that was not there. */
async function watch(isOver: () => boolean): Promise<{ looks: number; broken: string[] }> {
  const broken: string[] = [];
  let looks = 0;
  for (; !isOver(); looks++) {
    const page = await read('index.html');
    const part = /assets\/(.+)\.js/.exec(page)?.[1] ?? '';
    const isThere = existsSync(join(folder, 'assets', `${part}.js`));
    // When the page was replaced meanwhile, its part may be gone, too.
    if (!isThere && (await read('index.html')) === page) broken.push(page);
  }
  return { looks, broken };
}

test('a page never names a part that is not there', async () => {
  await publish(folder, [pageOf('part-0'), partOf('part-0')]);
  let over = false;
  const watched = watch(() => over);
  for (let round = 1; round <= 60; round++) await publish(folder, [pageOf(`part-${round}`), partOf(`part-${round}`)]);
  over = true;
  const { looks, broken } = await watched;
  expect(broken).toEqual([]);
  expect(looks).toBeGreaterThan(0);
});

test('what no page names any more is gone, and nothing else is left behind', async () => {
  await publish(folder, [pageOf('old'), partOf('old'), partOf('both')]);
  await publish(folder, [pageOf('new'), partOf('new'), partOf('both')]);
  expect((await readdir(folder, { recursive: true })).toSorted()).toEqual([
    'assets',
    'assets/both.js',
    'assets/new.js',
    'index.html',
  ]);
});

test('a part that is there stays untouched', async () => {
  await publish(folder, [pageOf('a'), partOf('a')]);
  const before = await stat(join(folder, 'assets/a.js'));
  await publish(folder, [pageOf('a'), partOf('a')]);
  expect((await stat(join(folder, 'assets/a.js'))).ino).toBe(before.ino);
});

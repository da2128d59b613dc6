import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FolderInUseError, lockFolder } from './folder-lock.ts';

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-lock-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Another process that locks the folder and says on stdout what came of it, then stays. */
function contender(): ChildProcess {
  const code = `
    import { lockFolder } from ${JSON.stringify(new URL('./folder-lock.ts', import.meta.url).href)};
    lockFolder(${JSON.stringify(folder)}).then(
      () => { console.log('holds'); setInterval(() => {}, 1000); },
      (error) => { console.log(error.code); },
    );`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function answer(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the contender has no stdout');
  const [text] = await once(child.stdout, 'data');
  return String(text).trim();
}

test('a folder has one owner until it is released', async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderInUseError);
  await lock.release();
  const again = await lockFolder(folder);
  await again.release();
  expect(await readdir(join(folder, '.lock'))).toEqual([]);
});

test('the refusal names the folder and the process that holds it', async () => {
  const child = contender();
  expect(await answer(child)).toBe('holds');
  await expect(lockFolder(folder)).rejects.toThrow(`${folder} is in use by another running process (pid ${child.pid})`);
});

test('an owner killed with -9 leaves nothing to mend', async () => {
  const child = contender();
  expect(await answer(child)).toBe('holds');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await lockFolder(folder);
  await lock.release();
});

test('of several that come at once exactly one gets the folder', async () => {
  const answers = await Promise.all([1, 2, 3, 4].map(() => answer(contender())));
  expect(answers.toSorted()).toEqual(['folder.in_use', 'folder.in_use', 'folder.in_use', 'holds']);
});

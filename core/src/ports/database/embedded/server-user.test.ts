import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canReach, findServerUser } from './server-user.ts';

const stranger = { name: 'stranger', uid: 54_321, gid: 54_321 };

test('a folder is reachable when every folder on the way lets the user through', async () => {
  // Not the temporary folder of this account, which may be private.
  const root = await mkdtemp('/tmp/parley-reach-');
  onTestFinished(() => rm(root, { recursive: true }));
  const inner = join(root, 'home', 'data');
  await mkdir(inner, { recursive: true });
  await chmod(root, 0o711);
  await chmod(join(root, 'home'), 0o755);
  await chmod(inner, 0o755);
  expect(await canReach(inner, stranger)).toBe(true);
  await chmod(join(root, 'home'), 0o700);
  expect(await canReach(inner, stranger)).toBe(false);
  expect(await canReach(inner, { ...stranger, uid: process.getuid?.() ?? 0 })).toBe(true);
});

test.runIf(process.getuid?.() !== 0)('an ordinary user runs the server as themselves', async () => {
  expect(await findServerUser()).toBeUndefined();
});

test.runIf(process.getuid?.() === 0)('root runs the server as somebody else', async () => {
  expect((await findServerUser())?.uid).toBeGreaterThan(0);
});

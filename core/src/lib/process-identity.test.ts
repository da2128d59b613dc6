import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { identityOf, isAlive } from './process-identity.ts';

test('a running process is alive, and dead once it has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = await identityOf(child.pid ?? 0);
  expect(await isAlive(identity)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await isAlive(identity)).toBe(false);
});

test.runIf(process.platform === 'linux')('a pid that was handed out again is somebody else', async () => {
  const me = await identityOf(process.pid);
  expect(await isAlive(me)).toBe(true);
  expect(await isAlive({ ...me, startedAt: 'another boot/12345' })).toBe(false);
});

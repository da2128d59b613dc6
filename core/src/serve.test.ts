import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createMigratedDatabase } from './testing/migrated-database.ts';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

test('a core whose output nobody reads any more still stops in good order', async () => {
  await using undo = new AsyncDisposableStack();
  const databaseUrl = await createMigratedDatabase(undo);
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-serve-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const child = spawn(process.execPath, [program], {
    env: { DATABASE_URL: databaseUrl, PARLEY_DATA_DIR: dataDir, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said += text));
  await expect.poll(() => said, { timeout: 60_000 }).toContain('Parley is at');

  child.stdout.destroy();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

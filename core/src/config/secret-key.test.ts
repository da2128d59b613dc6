import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecretKey, SecretKeyError, secretKeyFile } from './secret-key.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'parley-key-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('the first start makes a key that only the owner may read; parallel starts agree on it', async () => {
  const keys = await Promise.all([1, 2, 3, 4].map(() => loadSecretKey({ secret: null, dataDir })));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  expect((await stat(secretKeyFile(dataDir))).mode & 0o777).toBe(0o600);
});

test('a key others may read is refused', async () => {
  await loadSecretKey({ secret: null, dataDir });
  await chmod(secretKeyFile(dataDir), 0o644);
  await expect(loadSecretKey({ secret: null, dataDir })).rejects.toBeInstanceOf(SecretKeyError);
});

test('a secret from the environment always gives the same key', async () => {
  const secret = 'x'.repeat(40);
  expect(await loadSecretKey({ secret, dataDir })).toEqual(await loadSecretKey({ secret, dataDir: '/elsewhere' }));
});

import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../lib/error-code.ts';

export class SecretKeyError extends Error {
  readonly code = 'config.secret-key';
  constructor(message: string) {
    super(message);
    this.name = 'SecretKeyError';
  }
}

/** The key secrets are sealed with: derived from PARLEY_SECRET, else the file `secret.key`, made on the first start. */
export async function loadSecretKey(options: { secret: string | null; dataDir: string }): Promise<Buffer> {
  return (await findSecretKey(options)) ?? (await makeKey(secretKeyFile(options.dataDir), options.dataDir));
}

/** Null when there is none yet; it is not made by looking. */
export async function findSecretKey(options: { secret: string | null; dataDir: string }): Promise<Buffer | null> {
  if (options.secret === null) return readKey(secretKeyFile(options.dataDir));
  return Buffer.from(hkdfSync('sha256', options.secret, 'parley', 'secrets at rest', 32));
}

export function secretKeyFile(dataDir: string): string {
  return join(dataDir, 'secret.key');
}

async function readKey(file: string): Promise<Buffer | null> {
  try {
    const text = (await readFile(file, 'utf8')).trim();
    if ((await stat(file)).mode & 0o077 && process.platform !== 'win32') {
      throw new SecretKeyError(`Others may read ${file}, which opens every stored secret. Run: chmod 600 ${file}`);
    }
    const key = Buffer.from(text, 'base64');
    if (key.length !== 32) throw new SecretKeyError(`${file} does not hold a key of 32 bytes in base64.`);
    return key;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function makeKey(file: string, dataDir: string): Promise<Buffer> {
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const key = randomBytes(32);
  await writeFile(draft, `${key.toString('base64')}\n`, { mode: 0o600 });
  try {
    // A link, unlike a rename, does not replace the key another process has just made and may have used.
    await link(draft, file);
    return key;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const made = await readKey(file);
    if (made === null) throw error;
    return made;
  } finally {
    await rm(draft, { force: true });
  }
}

import { createHmac } from 'node:crypto';

/** The same for the same key, and of no use to find it. */
export function keyFingerprint(key: Buffer | null): string | null {
  return key === null ? null : createHmac('sha256', key).update('parley backup').digest('hex').slice(0, 32);
}

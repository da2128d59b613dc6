import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits as text: nothing to guess, so one round of SHA-256 is enough to keep it. */
export function newSecretToken(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is stored in place of a token. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

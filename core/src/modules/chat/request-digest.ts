import { createHash } from 'node:crypto';

/** Tells whether the same thing is sent again under the same id. */
export function requestDigest(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

import { hash, verify } from '@node-rs/argon2';

/** argon2id (the library's default) at the cost OWASP names first: 20 to 30 ms on an ordinary core. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of a password nobody has: checking against it takes as long as checking a real one. */
const nobodysHash = hash('an unknown address has no password', cost);

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** The same work whether or not the account exists, so that time tells nothing. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await nobodysHash), password);
  return matches && passwordHash !== null;
}

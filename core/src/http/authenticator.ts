import type { Caller } from './caller.ts';

/** Proves who is asking. Implemented by the accounts module; the servers know nothing else of it. */
export interface Authenticator {
  /** By the token of a session cookie; null when it is unknown or has ended. */
  session(token: string, address: string): Promise<Caller | null>;
  /** Null when it is unknown or was revoked; refuses when its owner is suspended. */
  apiKey(key: string): Promise<Caller | null>;
  /** Of callers that were proven earlier, those whose session or key has ended since. */
  ended(callers: readonly Caller[]): Promise<Caller[]>;
}

export const sessionCookie = 'parley_session';

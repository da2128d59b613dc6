import { hashToken } from '../../lib/secret-token.ts';
import type { Clock } from '../../ports/clock/clock.ts';
import type { Kv } from '../../ports/kv/kv.ts';
import { TooManyAttempts } from './accounts.errors.ts';

/** This many wrong passwords are a person who forgot; after that each further attempt has to wait, twice as long each time. */
const FREE_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 2_000;
/** A stranger must not be able to lock somebody out for long. */
const LONGEST_PAUSE_MS = 300_000;
const FORGET_AFTER_MS = 3_600_000;

/** Slows down guessing at one account from many addresses. Unknown addresses are counted alike, so a pause tells nothing. */
export class SignInGuard {
  readonly #kv: Kv;
  readonly #clock: Clock;

  constructor(deps: { kv: Kv; clock: Clock }) {
    this.#kv = deps.kv;
    this.#clock = deps.clock;
  }

  /** Before the password is looked at; throws when the account is to rest. Counted first: parallel guesses are guesses too. */
  async admit(email: string): Promise<void> {
    const { attempts, pause } = keysFor(email);
    const count = await this.#kv.increment(attempts, FORGET_AFTER_MS);
    if (count <= FREE_ATTEMPTS) return;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(20, count - FREE_ATTEMPTS - 1));
    const now = this.#clock.now();
    // Whoever sets the pause has the one attempt of this window.
    if (await this.#kv.setIfAbsent(pause, String(now + pauseMs), pauseMs)) return;
    const until = Number((await this.#kv.get(pause)) ?? now);
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    throw TooManyAttempts({ seconds }, { retryAfter: seconds });
  }

  async succeeded(email: string): Promise<void> {
    const { attempts, pause } = keysFor(email);
    await Promise.all([this.#kv.delete(attempts), this.#kv.delete(pause)]);
  }
}

/** Addresses do not belong into a store that others may read. */
function keysFor(email: string): { attempts: string; pause: string } {
  const id = hashToken(email).toString('base64url');
  return { attempts: `sign-in:attempts:${id}`, pause: `sign-in:pause:${id}` };
}

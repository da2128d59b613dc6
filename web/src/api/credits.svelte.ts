import { ApiError } from '@parley/sdk/client';
import type { Balance } from '@parley/sdk/contract';
import { pageWire } from './page-wire.ts';
import type { FollowingWire } from './wire.ts';

type Moving = Pick<Balance, 'available' | 'held'>;

/** What the person who is signed in has to spend; asked for by the first who shows it, and followed from then on. */
export class Credits {
  #balance = $state.raw<Balance | null>(null);
  #problem = $state.raw<unknown>(null);
  #loading: Promise<void> | null = null;
  /** Moves while the answer was on its way; the answer may be older than they are. */
  #heard: Partial<Moving> = {};
  #wanted = false;
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire) {
    this.#wire = wire;
    wire.on('credits:changed', (moved) => this.#hear(moved));
    // What moved while the connection was away nobody repeats.
    wire.onConnect(() => {
      if (this.#wanted) void this.load();
    });
  }

  /** Null while it is not known. `available` and `held` are live; `spentToday` is as of the last load. */
  get balance(): Balance | null {
    return this.#balance;
  }
  /** Why it is not known, or not known anew. */
  get problem(): unknown {
    return this.#problem;
  }

  /** Asks the server; who asks meanwhile shares the answer. */
  load(): Promise<void> {
    this.#wanted = true;
    this.#loading ??= this.#ask().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** After a change of the caps, whose answer is the balance. */
  enter(balance: Balance): void {
    this.#wanted = true;
    this.#balance = balance;
    this.#problem = null;
  }

  async #ask(): Promise<void> {
    this.#heard = {};
    try {
      const answer = await this.#wire.http('GET /api/credits');
      this.enter({ ...answer, ...this.#heard });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problem = error;
    }
  }

  #hear({ available, held }: Moving): void {
    this.#heard = { available, held };
    if (this.#balance !== null) this.#balance = { ...this.#balance, available, held };
  }
}

export const credits = new Credits(pageWire);

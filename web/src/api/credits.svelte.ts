import { ApiError } from '@parley/sdk/client';
import type { Balance } from '@parley/sdk/contract';
import { pageWire } from './page-wire.ts';
import { Reading } from './reading.ts';
import type { FollowingWire } from './wire.ts';

type Moving = Pick<Balance, 'available' | 'held'>;

/** What the person who is signed in has to spend; asked for by the first who shows it, and followed from then on. */
export class Credits {
  #balance = $state.raw<Balance | null>(null);
  #problem = $state.raw<unknown>(null);
  /** Of those who wait until the server is asked. */
  #next: Promise<void> | null = null;
  #wanted = false;
  readonly #reading = new Reading();
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

  /** Asks the server; who comes before it was asked shares the answer, as one that is on its way may be older than the reason to ask. */
  load(): Promise<void> {
    this.#wanted = true;
    this.#next ??= this.#reading.run(() => this.#ask());
    return this.#next;
  }

  /** After a change of the caps, whose answer is the balance. */
  enter(balance: Balance): void {
    this.#wanted = true;
    this.#take(balance);
    const { dayCap, conversationCap, lowBalanceAt } = balance;
    // Over an older answer only what was changed: of what moves by itself that answer may know more.
    this.#reading.happened(() => this.#amend({ dayCap, conversationCap, lowBalanceAt }));
  }

  async #ask(): Promise<void> {
    this.#next = null;
    try {
      this.#take(await this.#wire.http('GET /api/credits'));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#problem = error;
    }
  }

  #hear({ available, held }: Moving): void {
    this.#reading.happened(() => this.#amend({ available, held }));
  }

  #take(balance: Balance): void {
    this.#balance = balance;
    this.#problem = null;
  }
  #amend(part: Partial<Balance>): void {
    if (this.#balance !== null) this.#balance = { ...this.#balance, ...part };
  }
}

export const credits = new Credits(pageWire);

import { ApiError } from '@parley/sdk/client';
import type { Turn } from '@parley/sdk/contract';
import { pageWire } from './page-wire.ts';
import { Reading } from './reading.ts';
import type { FollowingWire } from './wire.ts';

/** The end of an API client's reply is told to nobody, and any word may get lost: what runs is looked at again. */
const lookAgainMs = 15_000;

/** Every reply that is being written for this person, in all chats, tabs and devices. */
export class RunningTurns {
  #turns = $state.raw<readonly Turn[]>([]);
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #reading = new Reading();
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire) {
    this.#wire = wire;
    wire.on('turn:opened', ({ turn }) => this.#reading.happened(() => this.#put(turn)));
    wire.on('turn:closed', ({ turn }) => this.#reading.happened(() => this.#remove(turn.id)));
    wire.onConnect(() => void this.load());
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  /** Oldest first. */
  get list(): readonly Turn[] {
    return this.#turns;
  }

  load(): Promise<void> {
    return this.#reading.run(() => this.#read());
  }

  async stop(turnId: string): Promise<void> {
    const turn = await this.#wire.http('POST /api/turns/:id/stop', { params: { id: turnId } });
    // Another instance may need a while yet; its turn stays until it is over.
    if (turn.finishedAt !== null) this.#reading.happened(() => this.#remove(turnId));
  }

  async #read(): Promise<void> {
    try {
      this.#enter(await this.#wire.http('GET /api/turns'));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Without a session nobody is answered; the next connection asks.
      if (error.problem.status !== 401) this.#lookAgain();
    }
  }

  #put(turn: Turn): void {
    this.#enter([...this.#turns.filter(({ id }) => id !== turn.id), turn]);
  }
  #remove(turnId: string): void {
    this.#enter(this.#turns.filter(({ id }) => id !== turnId));
  }
  #enter(turns: Turn[]): void {
    this.#turns = turns.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    this.#lookAgain();
  }

  /** While something is shown, and to somebody. What begins meanwhile does not put it off. */
  #lookAgain(): void {
    if (this.#turns.length === 0 || document.visibilityState === 'hidden') return this.#rest();
    this.#again ??= setTimeout(() => {
      this.#rest();
      void this.load();
    }, lookAgainMs);
  }
  #rest(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
  }

  /** It may have been out of sight for hours. */
  #seen(): void {
    this.#rest();
    if (this.#turns.length > 0 && document.visibilityState === 'visible') void this.load();
  }
}

export const runningTurns = new RunningTurns(pageWire);

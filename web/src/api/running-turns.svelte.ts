import { ApiError } from '@parley/sdk/client';
import type { Turn } from '@parley/sdk/contract';
import { pageWire } from './page-wire.ts';
import type { FollowingWire } from './wire.ts';

/** Every reply that is being written for this person, in all chats, tabs and devices. */
export class RunningTurns {
  #turns = $state.raw<readonly Turn[]>([]);
  /** Ended while the answer was on its way, which may still name them. */
  #ended = new Set<string>();
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire) {
    this.#wire = wire;
    wire.on('turn:opened', ({ turn }) => this.#put(turn));
    wire.on('turn:closed', ({ turn }) => this.#remove(turn.id));
    wire.onConnect(() => void this.load());
  }

  /** Oldest first. */
  get list(): readonly Turn[] {
    return this.#turns;
  }

  async load(): Promise<void> {
    this.#ended = new Set();
    const before = new Set(this.#turns.map(({ id }) => id));
    try {
      const answer = await this.#wire.http('GET /api/turns');
      const known = new Set(answer.map(({ id }) => id));
      const since = this.#turns.filter(({ id }) => !before.has(id) && !known.has(id));
      this.#turns = sorted([...answer.filter(({ id }) => !this.#ended.has(id)), ...since]);
    } catch (error) {
      // The next connection asks again.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  async stop(turnId: string): Promise<void> {
    await this.#wire.http('POST /api/turns/:id/stop', { params: { id: turnId } });
  }

  #put(turn: Turn): void {
    this.#turns = sorted([...this.#turns.filter(({ id }) => id !== turn.id), turn]);
  }
  #remove(turnId: string): void {
    this.#ended.add(turnId);
    this.#turns = this.#turns.filter(({ id }) => id !== turnId);
  }
}

function sorted(turns: Turn[]): Turn[] {
  return turns.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
}

export const runningTurns = new RunningTurns(pageWire);

import { setTimeout as pause } from 'node:timers/promises';
import { isOpen } from './turn.ts';
import type { TurnQueries } from './turn-queries.ts';
import type { TurnRegistry } from './turn-registry.ts';
import type { TurnRow } from './turn-rows.ts';

/** A stop elsewhere takes a message there and a settle; the heartbeat is the slow way when the message is lost. */
const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 25;

export class TurnStopper {
  readonly #registry: TurnRegistry;
  readonly #queries: TurnQueries;

  constructor(registry: TurnRegistry, queries: TurnQueries) {
    this.#registry = registry;
    this.#queries = queries;
  }

  /** Resolves when it is over, or when an instance that does not answer has been waited for long enough. */
  async stop(userId: string, turn: Pick<TurnRow, 'id' | 'state'>): Promise<void> {
    if (!isOpen(turn.state)) return;
    const here = this.#registry.get(turn.id);
    await this.#registry.stopTurn(turn.id);
    if (here !== undefined) await here.over;
    else await this.#elsewhere(userId, turn.id);
  }

  /** All turns of a conversation that is going away, or of a person who is (null); nobody waits. */
  async stopIn(userId: string, conversationId: string | null): Promise<void> {
    const ids = await this.#queries.openIn(userId, conversationId);
    if (ids.length === 0) return;
    await this.#queries.requestStop(userId, ids);
    for (const id of ids) await this.#registry.stopTurn(id);
  }

  async #elsewhere(userId: string, turnId: string): Promise<void> {
    await this.#queries.requestStop(userId, [turnId]);
    const until = performance.now() + WAIT_MS;
    while (performance.now() < until) {
      const row = await this.#queries.find(userId, turnId);
      if (row === undefined || !isOpen(row.state)) return;
      await pause(LOOK_EVERY_MS);
    }
  }
}

import { ApiError, type RouteResponse } from '@parley/sdk/client';
import type { ChatWire } from '../store/chat-wire.ts';
import { pageWire } from '../store/page-wire.ts';

type Answer = RouteResponse<'GET /api/limits'>;

/** Used until the server has spoken; it refuses beyond its own figure anyway. */
const assumedMaxChars = 200_000;

/** What may be sent now. The count of running replies follows the events of all tabs. */
export class Limits {
  #answer = $state.raw<Answer | null>(null);
  #open = $state.raw<ReadonlyMap<string, string | null>>(new Map());
  readonly #wire: ChatWire;

  constructor(wire: ChatWire) {
    this.#wire = wire;
    wire.on('turn:opened', ({ turn }) => this.#set(turn.id, turn.conversationId));
    wire.on('turn:closed', ({ turn }) => this.#remove(turn.id));
    wire.on('limits:changed', () => void this.load());
    wire.on('limits:degraded', ({ degraded }) => {
      if (this.#answer !== null) this.#answer = { ...this.#answer, degraded };
    });
    wire.onConnect(() => void this.load());
  }

  get maxMessageChars(): number {
    return this.#answer?.maxMessageChars ?? assumedMaxChars;
  }
  get degraded(): boolean {
    return this.#answer?.degraded ?? false;
  }
  get perUser(): number {
    return this.#answer?.openTurns.limit ?? Infinity;
  }
  get perConversation(): number {
    return this.#answer?.openTurnsPerConversation.limit ?? Infinity;
  }
  /** Turn id → conversation id of every reply that runs. */
  get open(): ReadonlyMap<string, string | null> {
    return this.#open;
  }

  async load(): Promise<void> {
    try {
      const [answer, turns] = await Promise.all([
        this.#wire.http('GET /api/limits'),
        this.#wire.http('GET /api/turns'),
      ]);
      this.#answer = answer;
      this.#open = new Map(turns.map((turn) => [turn.id, turn.conversationId]));
    } catch (error) {
      // What is not known limits nobody; the server still refuses, with its reason.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #set(turnId: string, conversationId: string | null): void {
    this.#open = new Map(this.#open).set(turnId, conversationId);
  }
  #remove(turnId: string): void {
    const open = new Map(this.#open);
    open.delete(turnId);
    this.#open = open;
  }
}

export const limits = new Limits(pageWire);

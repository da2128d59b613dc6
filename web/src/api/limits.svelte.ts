import { ApiError } from '@parley/sdk/client';
import type { CurrentLimits } from '@parley/sdk/contract';
import { pageWire } from './page-wire.ts';
import type { FollowingWire } from './wire.ts';

/** Used until the server has spoken; it refuses beyond its own figure anyway. */
const assumedMaxChars = 200_000;
/** Replies begin and end in bursts; one answer tells of them all. */
const settleMs = 400;
/** The word that counting is exact again may get lost with the connection it comes over. */
const degradedMs = 20_000;

/** What may be sent now. Read anew after every reply that begins or ends in any tab, and when the server says that it is another. */
export class Limits {
  #answer = $state.raw<CurrentLimits | null>(null);
  #soon: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  readonly #wire: FollowingWire;

  constructor(wire: FollowingWire) {
    this.#wire = wire;
    wire.on('turn:opened', () => this.loadSoon());
    wire.on('turn:closed', () => this.loadSoon());
    wire.on('limits:changed', () => this.loadSoon());
    wire.on('limits:degraded', () => this.loadSoon());
    wire.onConnect(() => void this.load());
  }

  /** Null while it is not known; what is not known limits nobody, and the server still refuses, with its reason. */
  get current(): CurrentLimits | null {
    return this.#answer;
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

  /**
   * Whether the model belongs to the person's plan. Null, for the usual one: that is of the plan where any is; `offered` is
   * how many there are, null where that is not known.
   */
  allowsModel(id: string | null, offered: number | null): boolean {
    const patterns = this.#answer?.allowedModels ?? null;
    if (patterns === null) return true;
    return id === null ? offered !== 0 : patterns.some((pattern) => fits(pattern, id));
  }

  async load(): Promise<void> {
    clearTimeout(this.#soon);
    const asked = ++this.#asked;
    try {
      const answer = await this.#wire.http('GET /api/limits');
      if (asked === this.#asked) this.#enter(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  loadSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.load(), settleMs);
  }

  #enter(answer: CurrentLimits): void {
    this.#answer = answer;
    clearTimeout(this.#again);
    if (answer.degraded) this.#again = setTimeout(() => void this.load(), degradedMs);
  }
}

function fits(pattern: string, id: string): boolean {
  return pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}

export const limits = new Limits(pageWire);

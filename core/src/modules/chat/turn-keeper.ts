import type { Pool } from 'pg';
import type { TurnCredits } from '../credits/index.ts';
import { checkpointTurns, renewLeases } from './keep-turns.ts';
import { storable } from './settle-turns.ts';
import type { RunningTurn } from './running-turn.ts';
import { turnFailure } from './turn-failures.ts';
import type { TurnRegistry } from './turn-registry.ts';

export interface TurnKeeperOptions {
  pool: Pool;
  instanceId: string;
  registry: TurnRegistry;
  credits: Pick<TurnCredits, 'renew'>;
  report(error: unknown): void;
  heartbeatMs: number;
  checkpointMs: number;
  /** Silence of a provider after which its call is given up. */
  idleMs: number;
}

const TICK_MS = 500;
/** Nobody can read along with an API client's reply: it is saved for the books only, and less often. */
const UNWATCHED_FACTOR = 5;
const CHECKPOINTS_PER_STATEMENT = 200;

/** The regular care for all turns of this process: leases, checkpoints, silence. One timer for all of them. */
export class TurnKeeper {
  readonly #options: TurnKeeperOptions;
  #timer: NodeJS.Timeout | undefined;
  #lastHeartbeat = performance.now();
  #isBusy = false;
  #tick: Promise<void> = Promise.resolve();

  constructor(options: TurnKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#onTick(), TICK_MS);
    this.#timer.unref();
  }

  /** Resolves when nothing of ours is on its way to the database any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#tick;
  }

  #onTick(): void {
    this.#cutSilent();
    if (!this.#isBusy) this.#tick = this.#care();
  }

  async #care(): Promise<void> {
    this.#isBusy = true;
    try {
      await this.#heartbeatIfDue();
      await this.checkpoint(this.#due());
    } catch (error) {
      // The database is away: the next tick tries again, and settling waits for it too.
      this.#options.report(error);
    } finally {
      this.#isBusy = false;
    }
  }

  async #heartbeatIfDue(): Promise<void> {
    if (performance.now() - this.#lastHeartbeat < this.#options.heartbeatMs) return;
    this.#lastHeartbeat = performance.now();
    await this.heartbeat();
  }

  /** Renews what we hold; what we do not hold any more must not be written by us. */
  async heartbeat(): Promise<void> {
    const turns = this.#options.registry.all().filter((turn) => turn.isHeld);
    if (turns.length === 0) return;
    const ids = turns.map((turn) => turn.job.turnId);
    await this.#options.credits.renew(turns.flatMap(({ job }) => (job.price === null ? [] : job.turnId)));
    const held = new Map(
      (await renewLeases(this.#options.pool, this.#options.instanceId, ids)).map((row) => [row.id, row]),
    );
    for (const turn of turns) {
      const row = held.get(turn.job.turnId);
      if (row === undefined) turn.end({ kind: 'lost' });
      else if (row.stop_requested) turn.end({ kind: 'stopped' });
    }
  }

  #due(): RunningTurn[] {
    const now = performance.now();
    return this.#options.registry.all().filter((turn) => {
      const every = this.#options.checkpointMs * (turn.conversationId === null ? UNWATCHED_FACTOR : 1);
      return turn.state !== 'settling' && now - turn.saved.at >= every && turn.output.place().seq > turn.saved.seq;
    });
  }

  async checkpoint(turns: readonly RunningTurn[]): Promise<void> {
    for (let at = 0; at < turns.length; at += CHECKPOINTS_PER_STATEMENT) {
      await this.#checkpointSome(turns.slice(at, at + CHECKPOINTS_PER_STATEMENT));
    }
  }

  async #checkpointSome(turns: readonly RunningTurn[]): Promise<void> {
    const places = turns.map((turn) => turn.output.place());
    const checkpoints = turns.map(({ job, reply, saved }, index) => {
      const place = places[index]!;
      return {
        turnId: job.turnId,
        fromSeq: saved.seq,
        seq: place.seq,
        text: storable(reply.text.slice(saved.textChars, place.textChars)),
        reasoning: storable(reply.reasoning.slice(saved.reasoningChars, place.reasoningChars)),
      };
    });
    const done = await checkpointTurns(this.#options.pool, this.#options.instanceId, checkpoints);
    const at = performance.now();
    for (const [index, turn] of turns.entries()) {
      if (done.has(turn.job.turnId)) turn.saved = { ...places[index]!, at };
      // An answer was lost on the way and the text is there already, or the turn is not ours: settling will tell.
      else turn.saved = { ...turn.saved, at };
    }
  }

  #cutSilent(): void {
    const before = performance.now() - this.#options.idleMs;
    for (const turn of this.#options.registry.all()) {
      if (turn.lastActivityAt !== null && turn.lastActivityAt < before) {
        turn.end({ kind: 'failed', failure: turnFailure('provider.timeout') });
      }
    }
  }
}

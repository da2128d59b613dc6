import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { EventLog } from '../../ports/event-log/index.ts';
import { openElsewhere, turnTexts } from './keep-turns.ts';
import { snapshotEvent } from './reply-output.ts';
import { isLastEvent, isOpen } from './turn.ts';
import type { TurnFeed } from './turn-feed.ts';
import type { TurnTextRow } from './turn-queries.ts';

export interface MissedTurnsDeps {
  instanceId: string;
  pool: Pool;
  feed: Pick<TurnFeed, 'watched'>;
  log: Pick<EventLog<TurnFrame>, 'read'>;
  /** Its end was missed here. */
  ended(turn: TurnTextRow): Promise<void>;
  report(error: unknown): void;
}

const LOOK_EVERY_MS = 2_000;
/** A model that thinks is as silent as an instance that cannot be heard. */
const SILENT_MS = 3_000;

/**
 * Looks after the turns of other instances that are watched here. Their frames do not come while Redis is away, and their end never
 * comes from an instance that died between writing it down and telling it. The database knows all but the last seconds.
 */
export class MissedTurns {
  readonly #deps: MissedTurnsDeps;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | null = null;

  constructor(deps: MissedTurnsDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.look()
        .catch(this.#deps.report)
        .finally(() => (this.#looking = null));
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async look(): Promise<void> {
    const { feed, pool, instanceId } = this.#deps;
    const watched = new Map(feed.watched());
    if (watched.size === 0) return;
    for (const turn of await openElsewhere(pool, instanceId, [...watched.keys()])) {
      watched.get(turn.conversation_id)?.begin(turn.id, turn.message_id, 0);
    }
    const unsure = new Map(
      [...watched.values()].flatMap((turns) =>
        turns.unsure(SILENT_MS).map(({ turnId, seq }) => [turnId, { turns, seq }] as const),
      ),
    );
    const rows = await turnTexts(pool, [...unsure.keys()]);
    for (const row of rows) {
      const { turns, seq } = unsure.get(row.id)!;
      const events = await this.#missed(row, seq);
      if (events.length > 0) {
        turns.fillIn({ conversationId: row.conversation_id, turnId: row.id, messageId: row.message_id, events });
      }
      if (!isOpen(row.state)) {
        await this.#deps.ended(row);
        turns.told(row.id);
      }
      unsure.delete(row.id);
    }
    // Gone with their conversation.
    for (const [turnId, { turns }] of unsure) turns.forget(turnId);
  }

  /** From the log if it has all of it, else from the last checkpoint on. */
  async #missed(row: TurnTextRow, seq: number): Promise<TurnEvent[]> {
    const logged = await this.#deps.log.read(row.id, seq);
    const last = logged?.at(-1);
    if (logged !== null && (isOpen(row.state) || (last !== undefined && isLastEvent(last)))) return logged;
    const later = isOpen(row.state) ? await this.#deps.log.read(row.id, row.seq) : null;
    const place = { seq: row.seq, textChars: row.text.length, reasoningChars: row.reasoning.length };
    return row.seq === 0 ? (later ?? []) : [snapshotEvent(place, row, row.state), ...(later ?? [])];
  }
}

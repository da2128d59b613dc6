import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import type { EventLog } from '../../ports/event-log/index.ts';
import { searchDocument, type ConversationsService } from '../conversations/index.ts';
import { claimDeadTurns, type DeadTurn } from './keep-turns.ts';
import type { Settled, TurnResult } from './settle-turns.ts';
import type { ClosedTurn } from './after-turn.ts';
import type { TurnFeed } from './turn-feed.ts';

export interface TurnReaperDeps {
  pool: Pool;
  instanceId: string;
  log: EventLog<TurnFrame>;
  feed: TurnFeed;
  conversations: ConversationsService;
  settle(result: TurnResult): Promise<Settled | null>;
  closed(turn: ClosedTurn): Promise<unknown>;
  reaped(turnId: string): void;
}

const PORTION = 100;
/** More events than a turn can have shown since its last checkpoint. */
const SEQ_LEAP = 100_000;

/** Closes turns whose process died: they become `interrupted`, keep their text, and their viewers are told. */
export class TurnReaper {
  readonly #deps: TurnReaperDeps;

  constructor(deps: TurnReaperDeps) {
    this.#deps = deps;
  }

  /** `othersAreDead`: this is the only process, so whatever is not its own has nobody left. */
  async reap(othersAreDead: boolean): Promise<number> {
    let reaped = 0;
    for (;;) {
      const dead = await claimDeadTurns(this.#deps.pool, this.#deps.instanceId, { othersAreDead, limit: PORTION });
      await Promise.all(dead.map((turn) => this.#close(turn)));
      reaped += dead.length;
      if (dead.length < PORTION) return reaped;
    }
  }

  async #close(turn: DeadTurn): Promise<void> {
    // Where the log outlives the process, it holds what was shown after the last checkpoint.
    const shown = await this.#deps.log.read(turn.id, turn.seq);
    const text = turn.text + joined(shown ?? [], 'text');
    const reasoning = turn.reasoning + joined(shown ?? [], 'reasoning');
    const events = interruption(turn, shown);
    const { seq } = events.at(-1)!;
    const settled = await this.#deps.settle({
      turnId: turn.id,
      state: 'interrupted',
      seq,
      text,
      reasoning,
      toolCalls: [],
      finishReason: null,
      usage: null,
      failure: null,
      flaggedBy: null,
      trace: null,
      search: turn.conversation_id === null ? null : searchDocument(turn.user_id, text),
      // Whatever was locked for it goes back; nobody pays for a crash of ours.
      charge: 0n,
      use: null,
      isDoubted: false,
    });
    if (settled === null) return;
    this.#deps.reaped(turn.id);
    if (turn.conversation_id === null) return;
    const cost = settled.receipt === null ? {} : { receipt: settled.receipt };
    this.#deps.feed.publish({
      conversationId: turn.conversation_id,
      turnId: turn.id,
      messageId: turn.message_id,
      events: events.map((event) => (event.type === 'interrupted' ? { ...event, ...cost } : event)),
    });
    this.#deps.feed.ended(turn.id);
    await this.#deps.closed({
      id: turn.id,
      user_id: turn.user_id,
      conversation_id: turn.conversation_id,
      message_id: turn.message_id,
      state: 'interrupted',
      model: turn.model,
      seq,
      ...settled,
    });
  }
}

/**
 * How the story of a dead turn ends. With the log gone nobody knows how far its viewers have read: they are set back to what
 * was kept, under numbers that are beyond all they can have seen.
 */
function interruption(turn: DeadTurn, shown: TurnEvent[] | null): TurnEvent[] {
  if (shown !== null) return [{ seq: (shown.at(-1)?.seq ?? turn.seq) + 1, type: 'interrupted' }];
  const { text, reasoning } = turn;
  const seq = turn.seq + SEQ_LEAP;
  return [
    { seq, type: 'snapshot', text, reasoning, state: 'running' },
    { seq: seq + 1, type: 'interrupted' },
  ];
}

function joined(events: readonly TurnEvent[], type: 'text' | 'reasoning'): string {
  return events.reduce((all, event) => (event.type === type ? all + event.text : all), '');
}

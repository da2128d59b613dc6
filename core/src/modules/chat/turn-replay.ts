import type { TurnEvent, TurnFrame } from '@parley/sdk/contract';
import type { EventLog } from '../../ports/event-log/index.ts';
import { snapshotEvent } from './reply-output.ts';
import { isOpen } from './turn.ts';
import type { TurnQueries } from './turn-queries.ts';
import type { TurnRegistry } from './turn-registry.ts';

export interface TurnReplayDeps {
  registry: TurnRegistry;
  log: EventLog<TurnFrame>;
  queries: TurnQueries;
}

/** What a viewer lacks who has seen `afterSeq` (null: nothing). In order; empty when nothing has happened yet. */
export async function replayTurn(
  deps: TurnReplayDeps,
  userId: string,
  turnId: string,
  afterSeq: number | null,
): Promise<TurnEvent[]> {
  if (afterSeq !== null) {
    const missed = await deps.log.read(turnId, afterSeq);
    if (missed !== null && (await isWhole(deps, userId, turnId, missed.at(-1)?.seq ?? afterSeq))) return missed;
  }
  const here = deps.registry.get(turnId);
  if (here !== undefined) {
    const place = here.output.place();
    return place.seq === 0 ? [] : [snapshotEvent(place, here.reply, 'running')];
  }
  return replayFromDatabase(deps, userId, turnId, afterSeq);
}

/** Whoever wrote an end down may have died before he could tell it: then the log lacks it. */
async function isWhole(deps: TurnReplayDeps, userId: string, turnId: string, seq: number): Promise<boolean> {
  if (deps.registry.get(turnId) !== undefined) return true;
  const row = await deps.queries.find(userId, turnId);
  return row === undefined || isOpen(row.state) || row.seq <= seq;
}

/** A turn of another instance, or one that has ended: its last checkpoint, and what the log has after it. */
async function replayFromDatabase(
  deps: TurnReplayDeps,
  userId: string,
  turnId: string,
  afterSeq: number | null,
): Promise<TurnEvent[]> {
  const [row] = await deps.queries.withText(userId, [turnId]);
  if (row === undefined) return [];
  const later = isOpen(row.state) ? ((await deps.log.read(turnId, row.seq)) ?? []) : [];
  // Whoever has seen more than the checkpoint, and all there is, must not be thrown back to it.
  if (row.seq === 0 || (afterSeq !== null && afterSeq > row.seq + later.length)) return later;
  const place = { seq: row.seq, textChars: row.text.length, reasoningChars: row.reasoning.length };
  return [snapshotEvent(place, row, row.state), ...later];
}

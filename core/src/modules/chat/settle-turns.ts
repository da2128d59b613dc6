import type { Receipt, TurnFailure, Usage } from '@parley/sdk/contract';
import type { ToolCall } from '@parley/sdk/plugin';
import type { Pool } from 'pg';
import {
  presentReceipt,
  receiptColumn,
  type ReceiptColumn,
  resolvedColumn,
  resolving,
  type StoredResolved,
  type TurnCredits,
} from '../credits/index.ts';
import { recording } from '../limits/index.ts';
import type { StoredTrace } from '../prompting/index.ts';
import type { RunningUse } from './running-turn.ts';
import { replyStatus, type TurnEndState } from './turn.ts';

/** All that is true of a turn when it is over. */
export interface TurnResult {
  turnId: string;
  state: TurnEndState;
  /** Of the last event, the one that ends the turn included. */
  seq: number;
  text: string;
  reasoning: string;
  toolCalls: ToolCall[];
  finishReason: string | null;
  usage: Usage | null;
  failure: TurnFailure | null;
  flaggedBy: string | null;
  trace: StoredTrace | null;
  /** What the reply is found by; null outside conversations. */
  search: string | null;
  /** Micro-credits owed, before the hold limits it; null: the model was free when it was admitted. */
  charge: bigint | null;
  /** Where its tokens are counted; null: nowhere. */
  use: RunningUse | null;
  /** Its provider told token counts that cannot be right. */
  isDoubted: boolean;
}

/** What stands in the database; times by its clock. */
export interface Settled {
  created_at: string;
  finished_at: string;
  /** Null: the model was free. */
  receipt: Receipt | null;
}

/** Null for a turn that was not ours to settle: somebody else ended it, or it is gone with its conversation. */
export async function settleTurns(
  pool: Pool,
  instanceId: string,
  credits: Pick<TurnCredits, 'settled' | 'tellSettled'>,
  results: readonly TurnResult[],
): Promise<(Settled | null)[]> {
  const { rows } = await pool.query<Omit<Settled, 'receipt'> & { id: string; resolved: StoredResolved }>({
    name: 'chat.settle',
    text: SETTLE,
    values: [JSON.stringify(results.map(toRow)), instanceId],
  });
  const settled = credits.settled(rows.map(({ resolved }) => resolved));
  credits.tellSettled(settled);
  const ended = new Map(rows.map(({ id, created_at, finished_at }) => [id, { created_at, finished_at }]));
  return results.map(({ turnId }) => {
    const times = ended.get(turnId);
    return times === undefined ? null : { ...times, receipt: settled.receipts.get(turnId) ?? null };
  });
}

/** What was written down by an attempt whose answer was lost; null when none was. A turn that is taken over changes hands. */
export async function findSettled(pool: Pool, instanceId: string, result: TurnResult): Promise<Settled | null> {
  const { rows } = await pool.query<Omit<Settled, 'receipt'> & { receipt: ReceiptColumn }>(
    `select t.created_at, t.finished_at, ${receiptColumn('t.id')} from turn t
     where t.id = $1 and t.instance_id = $2 and t.state = $3 and t.seq = $4`,
    [result.turnId, instanceId, result.state, result.seq],
  );
  return rows[0] === undefined ? null : { ...rows[0], receipt: presentReceipt(rows[0].receipt) };
}

/** PostgreSQL keeps no NUL and, in jsonb, no half surrogate pairs; a model may write either. */
export function storable(text: string): string {
  return (text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text).toWellFormed();
}

function toRow(result: TurnResult): Record<string, unknown> {
  return {
    turn_id: result.turnId,
    state: result.state,
    seq: result.seq,
    status: replyStatus(result.state, result.failure),
    text: storable(result.text),
    reasoning: storable(result.reasoning),
    tool_calls: result.toolCalls.length === 0 ? null : storableJson(result.toolCalls),
    finish_reason: result.finishReason,
    usage: result.usage,
    failure: result.failure,
    flagged_by: result.flaggedBy,
    trace: result.trace === null ? null : storableJson(result.trace),
    search: result.search,
    charge: result.charge === null ? null : String(result.charge),
    user_id: result.use?.userId,
    day: result.use?.day,
    model: result.use?.model,
    plugin: result.use?.plugin,
  };
}

/** As JSON escapes what is not storable; what only looks like it is looked at all the same. */
const mayBeUnstorable = /\\u(?:0000|d[89a-f])/;

function storableJson<T>(value: T): T {
  const json = JSON.stringify(value);
  if (!mayBeUnstorable.test(json)) return value;
  return JSON.parse(json, (_key, inner: unknown) => (typeof inner === 'string' ? storable(inner) : inner)) as T;
}

// The guard is the whole protocol: a turn is settled once, and only by the process that holds it. Locks in the order of all
// statements: turns, messages and conversations, then credits, then the day's usage.
const SETTLE = `
  with result as (
    select * from json_to_recordset($1::json) as r
      (turn_id uuid, state text, seq int, status text, text text, reasoning text, tool_calls jsonb, finish_reason text,
       usage jsonb, failure jsonb, flagged_by text, trace jsonb, search text, charge bigint,
       user_id uuid, day date, model text, plugin text)),
  held as (
    select t.id from turn t join result r on r.turn_id = t.id
    where t.instance_id = $2 and t.state in ('queued', 'running')
    order by t.id for update of t),
  ended as (
    update turn t set state = r.state, seq = r.seq, trace = r.trace, finished_at = now()
    from held join result r on r.turn_id = held.id
    where t.id = held.id
    returning t.id, t.message_id, t.conversation_id, t.created_at, t.finished_at),
  reply as (
    update message m set status = r.status, text = r.text, reasoning = r.reasoning, tool_calls = r.tool_calls,
      finish_reason = r.finish_reason, usage = r.usage, failure = r.failure, flagged_by = r.flagged_by,
      duration_ms = (extract(epoch from now() - e.created_at) * 1000)::int,
      search = array_to_tsvector(string_to_array(r.search, ' '))
    from ended e join result r on r.turn_id = e.id
    where m.id = e.message_id and m.turn_id = e.id
    returning m.id),
  touched as (
    update conversation c set last_active_at = now()
    from (
      select o.id from conversation o
      where o.id in (select e.conversation_id from ended e) and (select count(*) from reply) >= 0
      order by o.id for update) o
    where c.id = o.id
    returning c.id),
  ${resolving(`
    select e.id as turn_id, r.charge, (r.usage->>'input')::int as input_tokens,
      (r.usage->>'output')::int as output_tokens, r.usage->>'countedBy' as counted_by
    from ended e join result r on r.turn_id = e.id
    where r.charge is not null and (select count(*) from touched) >= 0`)},
  ${recording(`
    select r.user_id, r.day, r.model, r.plugin, coalesce((r.usage->>'input')::int, 0) as input_tokens,
      coalesce((r.usage->>'output')::int, 0) as output_tokens, coalesce(h.captured, 0) as charged
    from ended e join result r on r.turn_id = e.id left join hold_resolved h on h.turn_id = e.id
    where r.day is not null and (select count(*) from hold_settled) >= 0`)}
  select e.id, e.created_at, e.finished_at, ${resolvedColumn('e.id')} from ended e`;

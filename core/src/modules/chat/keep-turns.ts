import type { Pool } from 'pg';
import { LEASE } from './admission.ts';
import type { TurnTextRow } from './turn-queries.ts';
import { turnColumns } from './turn-rows.ts';

/** What has been written since the last checkpoint. */
export interface Checkpoint {
  turnId: string;
  /** The `seq` the stored text stands at; the addition is made only there, so that none is made twice. */
  fromSeq: number;
  seq: number;
  text: string;
  reasoning: string;
}

/**
 * Adds to the stored texts, and says for which turns it did. Here as in every statement about several turns they are
 * locked in the order of their ids, or two statements could wait for each other.
 */
export async function checkpointTurns(
  pool: Pool,
  instanceId: string,
  checkpoints: readonly Checkpoint[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'chat.checkpoint',
    text: `
      with news as (
        select * from json_to_recordset($1::json) as n
          (turn_id uuid, from_seq int, seq int, text text, reasoning text)),
      held as (
        select t.id from turn t join news n on n.turn_id = t.id
        where t.instance_id = $2 and t.state in ('queued', 'running') and t.seq = n.from_seq
        order by t.id for update of t),
      moved as (
        update turn t set seq = n.seq, state = 'running' from held join news n on n.turn_id = held.id
        where t.id = held.id
        returning t.id, t.message_id)
      update message m set text = m.text || n.text, reasoning = m.reasoning || n.reasoning, status = 'streaming'
      from moved join news n on n.turn_id = moved.id
      where m.id = moved.message_id and m.turn_id = moved.id
      returning moved.id`,
    values: [
      JSON.stringify(
        checkpoints.map((one) => ({
          turn_id: one.turnId,
          from_seq: one.fromSeq,
          seq: one.seq,
          text: one.text,
          reasoning: one.reasoning,
        })),
      ),
      instanceId,
    ],
  });
  return new Set(rows.map((row) => row.id));
}

export interface HeldTurn {
  id: string;
  stop_requested: boolean;
}

/** Renews the leases of all turns of a process at once. Those that are missing from the answer are not ours any more. */
export async function renewLeases(pool: Pool, instanceId: string, turnIds: readonly string[]): Promise<HeldTurn[]> {
  const { rows } = await pool.query<HeldTurn>({
    name: 'chat.heartbeat',
    text: `with held as (
             select t.id from turn t
             where t.id = any($1::uuid[]) and t.instance_id = $2 and t.state in ('queued', 'running')
             order by t.id for update)
           update turn t set lease_until = ${LEASE} from held where t.id = held.id
           returning t.id, t.stop_requested`,
    values: [turnIds, instanceId],
  });
  return rows;
}

export interface DeadTurn {
  id: string;
  user_id: string;
  conversation_id: string | null;
  message_id: string;
  model: string;
  seq: number;
  text: string;
  reasoning: string;
}

/**
 * Takes over turns whose lease has run out (our own too: we renewed what we know of, so nobody runs them), or, where
 * there is only one process, every turn that is not its own. Of several reapers each dead turn goes to one.
 */
export async function claimDeadTurns(
  pool: Pool,
  instanceId: string,
  options: { othersAreDead: boolean; limit: number },
): Promise<DeadTurn[]> {
  const { rows } = await pool.query<DeadTurn>(
    `with dead as (
       select t.id from turn t
       where t.state in ('queued', 'running') and (t.lease_until < now() or ($2 and t.instance_id <> $1))
       limit $3 for update skip locked),
     ours as (
       update turn t set instance_id = $1, lease_until = ${LEASE} from dead where t.id = dead.id
       returning t.id, t.user_id, t.conversation_id, t.message_id, t.model, t.seq)
     select ours.*, coalesce(m.text, '') as text, coalesce(m.reasoning, '') as reasoning
     from ours left join message m on m.id = ours.message_id and m.turn_id = ours.id`,
    [instanceId, options.othersAreDead, options.limit],
  );
  return rows;
}

/** Turns that other instances write in these conversations. */
export async function openElsewhere(
  pool: Pool,
  instanceId: string,
  conversationIds: readonly string[],
): Promise<{ id: string; conversation_id: string; message_id: string }[]> {
  const { rows } = await pool.query<{ id: string; conversation_id: string; message_id: string }>({
    name: 'chat.turns.elsewhere',
    text: `select id, conversation_id, message_id from turn
           where conversation_id = any($1::uuid[]) and instance_id <> $2 and state in ('queued', 'running')`,
    values: [conversationIds, instanceId],
  });
  return rows;
}

/** Whoever they belong to: for viewers who were let in before. */
export async function turnTexts(pool: Pool, turnIds: readonly string[]): Promise<TurnTextRow[]> {
  if (turnIds.length === 0) return [];
  const { rows } = await pool.query<TurnTextRow>({
    name: 'chat.turns.texts',
    text: `select ${turnColumns}, coalesce(m.text, '') as text, coalesce(m.reasoning, '') as reasoning
           from turn t left join message m on m.id = t.message_id and m.turn_id = t.id
           where t.id = any($1::uuid[])`,
    values: [turnIds],
  });
  return rows;
}

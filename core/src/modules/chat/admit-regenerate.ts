import type { Message } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { Booked } from '../credits/index.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import { MessageNotFound, MessageStillWriting } from '../conversations/index.ts';
import { LEASE, refuseOverLimit, takeOrRefuse, withAdmissionLock, type OpenTurnLimits } from './admission.ts';
import type { KnownTurn } from './admit-send.ts';
import { NotAReply, TurnIdReused } from './chat.errors.ts';
import type { TurnBooks, TurnClaim } from './turn-books.ts';
import { rewriteMode } from './turn.ts';

export interface RegenerateAdmission {
  turnId: string;
  userId: string;
  messageId: string;
  clientTurnId: string;
  digest: string;
  model: string;
  instanceId: string;
  limits: OpenTurnLimits;
  claim: TurnClaim;
}
export interface AdmittedRegenerate {
  turnId: string;
  /** The same id when it is written again in place. */
  replyId: string;
  conversationId: string;
  parentId: string;
  /** Of the conversation, this one included. */
  openTurns: number;
  /** For `TurnBooks.tell`. */
  booked: Booked;
}

interface Situation {
  role: 'user' | 'assistant' | null;
  status: Message['status'];
  text: string;
  conversation_id: string;
  parent_id: string | null;
  position: number;
  known_turn: string | null;
  known_digest: string | null;
  open_user: number;
  open_conversation: number;
}

export async function admitRegenerate(
  pool: Pool,
  books: TurnBooks,
  input: RegenerateAdmission,
): Promise<AdmittedRegenerate | KnownTurn> {
  return withAdmissionLock(pool, [input.userId], async (client) => {
    const situation = await look(client, input);
    if (situation.role === null) throw MessageNotFound();
    if (situation.known_turn !== null) {
      if (situation.known_digest !== input.digest) throw TurnIdReused();
      return { knownTurnId: situation.known_turn };
    }
    if (situation.role !== 'assistant' || situation.parent_id === null) throw NotAReply();
    const mode = rewriteMode(situation);
    if (mode === null) throw MessageStillWriting();
    refuseOverLimit(situation, input.limits);
    const admitted = {
      turnId: input.turnId,
      replyId: mode === 'in-place' ? input.messageId : uuidV7(),
      conversationId: situation.conversation_id,
      parentId: situation.parent_id,
      openTurns: situation.open_conversation + 1,
    };
    await (mode === 'in-place' ? clear : addVersion)(client, input, admitted, situation.position);
    return { ...admitted, booked: await takeOrRefuse(client, books, input.claim) };
  });
}

type Opened = Omit<AdmittedRegenerate, 'booked'>;

async function look(client: PoolClient, input: RegenerateAdmission): Promise<Situation> {
  const { rows } = await client.query<Situation>({
    name: 'chat.regenerate.look',
    text: `
      select m.role, m.status, m.text, m.conversation_id, m.parent_id, m.position,
        k.id as known_turn, k.request_digest as known_digest,
        (select count(*) from turn o where o.user_id = $1 and o.state in ('queued', 'running'))::int as open_user,
        (select count(*) from turn o where o.user_id = $1 and o.conversation_id = m.conversation_id
           and o.state in ('queued', 'running'))::int as open_conversation
      from (select 1) one
      left join (message m join conversation c on c.id = m.conversation_id and c.deleted_at is null)
        on m.id = $2 and m.user_id = $1
      left join turn k on k.user_id = $1 and k.client_turn_id = $3`,
    values: [input.userId, input.messageId, input.clientTurnId],
  });
  return rows[0]!;
}

/** What followed the reply stays where it is: only the reply itself is written anew. */
function clear(client: PoolClient, input: RegenerateAdmission, admitted: Opened): Promise<unknown> {
  return client.query({
    name: 'chat.regenerate.clear',
    text: `
      with reply as (
        update message set status = 'queued', text = '', reasoning = '', tool_calls = null, model = $5, turn_id = $4,
          finish_reason = null, usage = null, failure = null, flagged_by = null, duration_ms = null, search = null,
          edited_at = null
        where id = $3),
      shown as (update conversation set last_active_at = now() where id = $2)
      ${insertTurn}`,
    values: turnValues(input, admitted),
  });
}

function addVersion(
  client: PoolClient,
  input: RegenerateAdmission,
  admitted: Opened,
  position: number,
): Promise<unknown> {
  return client.query({
    name: 'chat.regenerate.version',
    text: `
      with reply as (
        insert into message (id, user_id, conversation_id, parent_id, slot_id, role, status, position, model, turn_id)
        values ($3, $1, $2, $9, $9, 'assistant', 'queued', $10, $5, $4)),
      shown as (update conversation set active_leaf_id = $3, last_active_at = now() where id = $2)
      ${insertTurn}`,
    values: [...turnValues(input, admitted), admitted.parentId, position],
  });
}

const insertTurn = `
  insert into turn (id, user_id, conversation_id, message_id, client_turn_id, request_digest, state, model, instance_id,
    lease_until)
  values ($4, $1, $2, $3, $6, $7, 'queued', $5, $8, ${LEASE})`;

function turnValues(input: RegenerateAdmission, admitted: Opened): unknown[] {
  return [
    input.userId,
    admitted.conversationId,
    admitted.replyId,
    admitted.turnId,
    input.model,
    input.clientTurnId,
    input.digest,
    input.instanceId,
  ];
}

import type { Conversation, Message } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { Booked, StoredPlaced } from '../credits/index.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import {
  type ConversationRow,
  MessageNotFound,
  MessageStillWriting,
  ownConversationColumns,
  presentConversation,
} from '../conversations/index.ts';
import { LEASE, refuseOverLimit, withAdmissionLock, type OpenTurnLimits } from './admission.ts';
import type { KnownTurn } from './admit-send.ts';
import { NotAReply, TurnIdReused } from './chat.errors.ts';
import {
  claimColumns,
  type ClaimRow,
  takenColumn,
  takenValues,
  taking,
  type TurnClaim,
  type TurnClaims,
} from './turn-claims.ts';
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
  parentId: string;
  /** As it is now, this turn included. */
  conversation: Conversation;
  /** For `TurnClaims.tell`. */
  booked: Booked;
}

interface Situation extends ClaimRow {
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
  claims: TurnClaims,
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
    const refusal = claims.judge()(input.claim, situation);
    if (refusal !== null) throw refusal;
    const admitted = {
      turnId: input.turnId,
      replyId: mode === 'in-place' ? input.messageId : uuidV7(),
      conversationId: situation.conversation_id,
      parentId: situation.parent_id,
      openTurns: situation.open_conversation + 1,
    };
    const write = mode === 'in-place' ? clear : addVersion;
    const { placed, ...conversation } = await write(client, input, admitted, situation.position);
    const { turnId, replyId, parentId } = admitted;
    const booked = claims.taken([input.claim], placed);
    return { turnId, replyId, parentId, conversation: presentConversation(conversation), booked };
  });
}

interface Opened {
  turnId: string;
  replyId: string;
  conversationId: string;
  parentId: string;
  /** Of the conversation, this one included. */
  openTurns: number;
}
type Written = ConversationRow & { placed: StoredPlaced };

async function look(client: PoolClient, input: RegenerateAdmission): Promise<Situation> {
  const { rows } = await client.query<Situation>({
    name: 'chat.regenerate.look',
    text: `
      select m.role, m.status, m.text, m.conversation_id, m.parent_id, m.position,
        k.id as known_turn, k.request_digest as known_digest,
        (select count(*) from turn o where o.user_id = $1 and o.state in ('queued', 'running'))::int as open_user,
        (select count(*) from turn o where o.user_id = $1 and o.conversation_id = m.conversation_id
           and o.state in ('queued', 'running'))::int as open_conversation,
        ${claimColumns({ userId: '$1', conversationId: 'm.conversation_id', day: '$4', dayStart: '$5::timestamptz' })}
      from (select 1) one
      left join (message m join conversation c on c.id = m.conversation_id and c.deleted_at is null)
        on m.id = $2 and m.user_id = $1
      left join turn k on k.user_id = $1 and k.client_turn_id = $3`,
    values: [
      input.userId,
      input.messageId,
      input.clientTurnId,
      input.claim.use.day,
      input.claim.hold?.dayStart ?? null,
    ],
  });
  return rows[0]!;
}

/** What followed the reply stays where it is: only the reply itself is written anew. */
async function clear(client: PoolClient, input: RegenerateAdmission, admitted: Opened): Promise<Written> {
  const { rows } = await client.query<Written>({
    name: 'chat.regenerate.clear',
    text: `
      with reply as (
        update message set status = 'queued', text = '', reasoning = '', tool_calls = null, model = $5, turn_id = $4,
          finish_reason = null, usage = null, failure = null, flagged_by = null, duration_ms = null, search = null,
          edited_at = null
        where id = $3
        returning id),
      shown as (
        update conversation c set last_active_at = now()
        where id = $2 and (select count(*) from reply) >= 0
        returning ${ownConversationColumns})
      ${openTurn('(select m.position from message m where m.id = shown.active_leaf_id)')}`,
    values: turnValues(input, admitted),
  });
  return rows[0]!;
}

async function addVersion(
  client: PoolClient,
  input: RegenerateAdmission,
  admitted: Opened,
  position: number,
): Promise<Written> {
  const { rows } = await client.query<Written>({
    name: 'chat.regenerate.version',
    text: `
      with reply as (
        insert into message (id, user_id, conversation_id, parent_id, slot_id, role, status, position, model, turn_id)
        values ($3, $1, $2, $12, $12, 'assistant', 'queued', $13, $5, $4)),
      shown as (
        update conversation c set active_leaf_id = $3, last_active_at = now() where id = $2
        returning ${ownConversationColumns})
      ${openTurn('$13')}`,
    values: [...turnValues(input, admitted), admitted.parentId, position],
  });
  return rows[0]!;
}

const openTurn = (messageCount: string): string => `
  , opened as (
    insert into turn (id, user_id, conversation_id, message_id, client_turn_id, request_digest, state, model,
      instance_id, lease_until)
    values ($4, $1, $2, $3, $6, $7, 'queued', $5, $8, ${LEASE})),
  ${taking({ holds: '$9::json', uses: '$10::json', after: 'shown' })}
  select shown.*, ${messageCount}::int as message_count, $11::int as open_turns, ${takenColumn} from shown`;

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
    ...takenValues([input.claim]),
    admitted.openTurns,
  ];
}

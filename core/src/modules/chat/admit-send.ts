import type { Conversation } from '@parley/sdk/contract';
import type { Pool, PoolClient } from 'pg';
import type { Booked, StoredPlaced } from '../credits/index.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import {
  ConversationNotFound,
  type ConversationRow,
  MessageNotFound,
  ownConversationColumns,
  presentConversation,
  searchDocument,
} from '../conversations/index.ts';
import { LEASE, refuseOverLimit, withAdmissionLock, type OpenTurnLimits } from './admission.ts';
import { TurnIdReused } from './chat.errors.ts';
import {
  claimColumns,
  type ClaimRow,
  takenColumn,
  takenValues,
  taking,
  type TurnClaim,
  type TurnClaims,
} from './turn-claims.ts';

export interface SendAdmission {
  turnId: string;
  userId: string;
  conversationId: string;
  clientTurnId: string;
  digest: string;
  text: string;
  /** Names the conversation if nothing has; empty: nothing does. */
  title: string;
  /** Absent: after the active leaf; null: as a first message. */
  parentId: string | null | undefined;
  /** Public model id. */
  model: string;
  instanceId: string;
  limits: OpenTurnLimits;
  claim: TurnClaim;
}
export interface AdmittedSend {
  turnId: string;
  userMessageId: string;
  replyId: string;
  parentId: string | null;
  position: number;
  /** Of the user message, itself included. */
  versions: string[];
  createdAt: string;
  /** As it is now, this turn included. */
  conversation: Conversation;
  /** For `TurnClaims.tell`. */
  booked: Booked;
}
/** Sent before under the same id: the turn that exists. */
export interface KnownTurn {
  knownTurnId: string;
}

interface Situation extends ClaimRow {
  conversation_id: string | null;
  parent_id: string | null;
  parent_position: number | null;
  versions: string[];
  known_turn: string | null;
  known_digest: string | null;
  open_user: number;
  open_conversation: number;
}

/** Writes the user message, the empty reply and the turn, takes what they cost, or refuses; all in one transaction. */
export async function admitSend(
  pool: Pool,
  claims: TurnClaims,
  input: SendAdmission,
): Promise<AdmittedSend | KnownTurn> {
  // Made before the transaction: nothing but the database's own work happens while the lock is held.
  const search = searchDocument(input.userId, input.text);
  return withAdmissionLock(pool, [input.userId], async (client) => {
    const situation = await look(client, input);
    if (situation.conversation_id === null) throw ConversationNotFound();
    if (situation.known_turn !== null) {
      if (situation.known_digest !== input.digest) throw TurnIdReused();
      return { knownTurnId: situation.known_turn };
    }
    if (typeof input.parentId === 'string' && situation.parent_id === null) throw MessageNotFound();
    refuseOverLimit(situation, input.limits);
    const refusal = claims.judge()(input.claim, situation);
    if (refusal !== null) throw refusal;
    const { placed, ...admitted } = await write(client, input, situation, search);
    return { ...admitted, booked: claims.taken([input.claim], placed) };
  });
}

async function look(client: PoolClient, input: SendAdmission): Promise<Situation> {
  const { rows } = await client.query<Situation>({
    name: 'chat.send.look',
    text: `
      select c.id as conversation_id, p.id as parent_id, p.position as parent_position,
        array(select v.id from message v where v.slot_id = coalesce(p.id, c.id) order by v.id) as versions,
        k.id as known_turn, k.request_digest as known_digest,
        (select count(*) from turn o where o.user_id = $1 and o.state in ('queued', 'running'))::int as open_user,
        (select count(*) from turn o where o.user_id = $1 and o.conversation_id = $2
           and o.state in ('queued', 'running'))::int as open_conversation,
        ${claimColumns({ userId: '$1', conversationId: '$2', day: '$6', dayStart: '$7::timestamptz' })}
      from (select 1) one
      left join conversation c on c.id = $2 and c.user_id = $1 and c.deleted_at is null
      left join turn k on k.user_id = $1 and k.client_turn_id = $3
      left join message p
        on p.id = case when $5 then c.active_leaf_id else $4::uuid end and p.conversation_id = c.id`,
    values: [
      input.userId,
      input.conversationId,
      input.clientTurnId,
      input.parentId ?? null,
      input.parentId === undefined,
      input.claim.use.day,
      input.claim.hold?.dayStart ?? null,
    ],
  });
  return rows[0]!;
}

async function write(
  client: PoolClient,
  input: SendAdmission,
  situation: Situation,
  search: string,
): Promise<Omit<AdmittedSend, 'booked'> & { placed: StoredPlaced }> {
  const admitted = {
    turnId: input.turnId,
    userMessageId: uuidV7(),
    replyId: uuidV7(),
    parentId: situation.parent_id,
    position: (situation.parent_position ?? 0) + 1,
  };
  const { rows } = await client.query<ConversationRow & { opened_at: string; placed: StoredPlaced }>({
    name: 'chat.send.write',
    text: `
      with asked as (
        insert into message (id, user_id, conversation_id, parent_id, slot_id, role, status, text, position, turn_id, search)
        values ($5, $1, $2, $7, coalesce($7::uuid, $2), 'user', 'done', $3, $8, $4,
          array_to_tsvector(string_to_array($12, ' ')))),
      reply as (
        insert into message (id, user_id, conversation_id, parent_id, slot_id, role, status, position, model, turn_id)
        values ($6, $1, $2, $5, $5, 'assistant', 'queued', $8 + 1, $9, $4)),
      shown as (
        update conversation c set active_leaf_id = $6, last_active_at = now(),
          title = case when title_source = 'none' then $14 else title end,
          search = case when title_source = 'none' then array_to_tsvector(string_to_array($15, ' ')) else search end,
          title_source = case when title_source = 'none' and $14 <> '' then 'auto' else title_source end
        where id = $2
        returning ${ownConversationColumns}),
      opened as (
        insert into turn (id, user_id, conversation_id, message_id, user_message_id, client_turn_id, request_digest,
          state, model, instance_id, lease_until)
        values ($4, $1, $2, $6, $5, $10, $11, 'queued', $9, $13, ${LEASE})
        returning created_at as opened_at),
      ${taking({ holds: '$16::json', uses: '$17::json', after: 'shown' })}
      select shown.*, $8 + 1 as message_count, $18::int as open_turns, opened.opened_at, ${takenColumn}
      from shown, opened`,
    values: [
      input.userId,
      input.conversationId,
      input.text,
      admitted.turnId,
      admitted.userMessageId,
      admitted.replyId,
      admitted.parentId,
      admitted.position,
      input.model,
      input.clientTurnId,
      input.digest,
      search,
      input.instanceId,
      input.title,
      searchDocument(input.userId, input.title),
      ...takenValues([input.claim]),
      situation.open_conversation + 1,
    ],
  });
  const { placed, opened_at: createdAt, ...conversation } = rows[0]!;
  return {
    ...admitted,
    versions: [...situation.versions, admitted.userMessageId],
    createdAt,
    conversation: presentConversation(conversation),
    placed,
  };
}

import type { Pool, PoolClient } from 'pg';
import { AppError } from '../../lib/app-error.ts';
import { createBatcher } from '../../lib/batcher.ts';
import type { StoredPlaced } from '../credits/index.ts';
import { LEASE, withAdmissionLock } from './admission.ts';
import type { KnownTurn } from './admit-send.ts';
import { LIMIT_RETRY_S, TooManyOpenTurns, TurnIdReused } from './chat.errors.ts';
import {
  claimColumns,
  type ClaimRow,
  NOTHING_PLACED,
  takenColumn,
  takenValues,
  taking,
  type TurnClaim,
  type TurnClaims,
} from './turn-claims.ts';

/** A request of an API client: a turn and its reply, without a conversation. */
export interface CompletionAdmission {
  turnId: string;
  replyId: string;
  userId: string;
  /** Of an `Idempotency-Key`; null: every request is a new one. */
  clientTurnId: string | null;
  digest: string | null;
  model: string;
  perUserLimit: number;
  claim: TurnClaim;
}
/** What the database says of one of them. */
interface Situation extends ClaimRow {
  open: number;
  known_turn: string | null;
  known_digest: string | null;
}
/** Null: it was written. */
type Decision = KnownTurn | AppError | null;

/** Under load several requests share a transaction: its fixed cost is most of what admitting one costs. */
const BATCH = { maxItems: 64, maxInFlight: 3 };

/** Answers null when the turn was written, or with the turn that was sent under the same key before. */
export function completionAdmission(
  pool: Pool,
  instanceId: string,
  claims: TurnClaims,
): (input: CompletionAdmission) => Promise<KnownTurn | null> {
  const admitMany = (wanted: CompletionAdmission[]) => admit(pool, instanceId, claims, wanted);
  const admitTogether = createBatcher<CompletionAdmission, Decision>(admitMany, BATCH);

  return async (input) => {
    // One with a key goes alone: two of the same key in one statement could not see each other.
    const decision = input.clientTurnId === null ? await admitTogether(input) : (await admitMany([input]))[0]!;
    if (decision instanceof AppError) throw decision;
    return decision;
  };
}

async function admit(
  pool: Pool,
  instanceId: string,
  claims: TurnClaims,
  wanted: readonly CompletionAdmission[],
): Promise<Decision[]> {
  const userIds = wanted.map((one) => one.userId);
  const { decisions, booked } = await withAdmissionLock(pool, userIds, async (client) => {
    const situations = await look(client, wanted);
    const decided = decide(claims, wanted, situations);
    const admitted = wanted.filter((_, at) => decided[at] === null);
    const placed = admitted.length === 0 ? NOTHING_PLACED : await write(client, instanceId, admitted);
    return { decisions: decided, booked: claims.taken(claimsOf(admitted), placed) };
  });
  claims.tell(booked);
  return decisions;
}

/** One after another: what one takes the next ones do not have. */
function decide(
  claims: TurnClaims,
  wanted: readonly CompletionAdmission[],
  situations: readonly Situation[],
): Decision[] {
  const judge = claims.judge();
  const opened = new Map<string, number>();
  return wanted.map(({ userId, digest, perUserLimit: limit, claim }, at) => {
    const situation = situations[at]!;
    if (situation.known_turn !== null) {
      return situation.known_digest === digest ? { knownTurnId: situation.known_turn } : TurnIdReused();
    }
    const open = situation.open + (opened.get(userId) ?? 0);
    if (open >= limit) return TooManyOpenTurns({ limit, open }, { retryAfter: LIMIT_RETRY_S });
    const refusal = judge(claim, situation);
    if (refusal === null) opened.set(userId, (opened.get(userId) ?? 0) + 1);
    return refusal;
  });
}

async function look(client: PoolClient, wanted: readonly CompletionAdmission[]): Promise<Situation[]> {
  const rows = wanted.map((one, at) => ({
    at,
    user_id: one.userId,
    client_turn_id: one.clientTurnId,
    day: one.claim.use.day,
    day_start: one.claim.hold?.dayStart ?? null,
  }));
  const answer = await client.query<Situation>({
    name: 'chat.completion.look',
    text: `
      select k.id as known_turn, k.request_digest as known_digest,
        (select count(*) from turn o where o.user_id = w.user_id and o.state in ('queued', 'running'))::int as open,
        ${claimColumns({ userId: 'w.user_id', conversationId: 'null', day: 'w.day', dayStart: 'w.day_start' })}
      from json_to_recordset($1::json) as w
        (at int, user_id uuid, client_turn_id text, day date, day_start timestamptz)
      left join turn k on k.user_id = w.user_id and k.client_turn_id = w.client_turn_id
      order by w.at`,
    values: [JSON.stringify(rows)],
  });
  return answer.rows;
}

async function write(
  client: PoolClient,
  instanceId: string,
  admitted: readonly CompletionAdmission[],
): Promise<StoredPlaced> {
  const rows = admitted.map((one) => ({
    turn_id: one.turnId,
    reply_id: one.replyId,
    user_id: one.userId,
    client_turn_id: one.clientTurnId,
    digest: one.digest,
    model: one.model,
  }));
  const answer = await client.query<{ placed: StoredPlaced }>({
    name: 'chat.completion.write',
    text: `
      with wanted as (
        select * from json_to_recordset($1::json) as w
          (turn_id uuid, reply_id uuid, user_id uuid, client_turn_id text, digest text, model text)),
      reply as (
        insert into message (id, user_id, role, status, model, turn_id)
        select w.reply_id, w.user_id, 'assistant', 'queued', w.model, w.turn_id from wanted w),
      opened as (
        insert into turn (id, user_id, message_id, client_turn_id, request_digest, state, model, instance_id, lease_until)
        select w.turn_id, w.user_id, w.reply_id, w.client_turn_id, w.digest, 'queued', w.model, $2, ${LEASE}
        from wanted w
        returning id),
      ${taking({ holds: '$3::json', uses: '$4::json', after: 'opened' })}
      select ${takenColumn}`,
    values: [JSON.stringify(rows), instanceId, ...takenValues(claimsOf(admitted))],
  });
  return answer.rows[0]!.placed;
}

function claimsOf(admissions: readonly CompletionAdmission[]): TurnClaim[] {
  return admissions.map(({ claim }) => claim);
}

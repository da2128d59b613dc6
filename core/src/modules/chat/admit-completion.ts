import type { Pool, PoolClient } from 'pg';
import type { AppError } from '../../lib/app-error.ts';
import { createBatcher } from '../../lib/batcher.ts';
import type { Booked } from '../credits/index.ts';
import { LEASE, withAdmissionLock } from './admission.ts';
import type { KnownTurn } from './admit-send.ts';
import { LIMIT_RETRY_S, TooManyOpenTurns, TurnIdReused } from './chat.errors.ts';
import type { TurnBooks, TurnClaim } from './turn-books.ts';

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
interface Verdict {
  admitted: boolean;
  open: number;
  known_turn: string | null;
  known_digest: string | null;
}
/** What became of one that the database let in: why the books refused it. */
type Decision = Verdict & { refusal: AppError | null };

/** Under load several requests share a transaction: its fixed cost is most of what admitting one costs. */
const BATCH = { maxItems: 64, maxInFlight: 3 };

/** Answers null when the turn was written, or with the turn that was sent under the same key before. */
export function completionAdmission(
  pool: Pool,
  instanceId: string,
  books: TurnBooks,
): (input: CompletionAdmission) => Promise<KnownTurn | null> {
  const admitMany = (wanted: CompletionAdmission[]) => decide(pool, instanceId, books, wanted);
  const admitTogether = createBatcher<CompletionAdmission, Decision>(admitMany, BATCH);

  return async (input) => {
    // One with a key goes alone: two of the same key in one statement could not see each other.
    const verdict = input.clientTurnId === null ? await admitTogether(input) : (await admitMany([input]))[0]!;
    if (verdict.known_turn !== null) {
      if (verdict.known_digest !== input.digest) throw TurnIdReused();
      return { knownTurnId: verdict.known_turn };
    }
    if (!verdict.admitted) {
      throw TooManyOpenTurns({ limit: input.perUserLimit, open: verdict.open }, { retryAfter: LIMIT_RETRY_S });
    }
    if (verdict.refusal !== null) throw verdict.refusal;
    return null;
  };
}

async function decide(
  pool: Pool,
  instanceId: string,
  books: TurnBooks,
  wanted: readonly CompletionAdmission[],
): Promise<Decision[]> {
  const userIds = wanted.map((one) => one.userId);
  const rows = wanted.map((one, at) => ({
    at,
    turn_id: one.turnId,
    reply_id: one.replyId,
    user_id: one.userId,
    client_turn_id: one.clientTurnId,
    digest: one.digest,
    model: one.model,
    most: one.perUserLimit,
  }));
  const decided = await withAdmissionLock(pool, userIds, async (client) => {
    const answer = await client.query<Verdict>({
      name: 'chat.completion.admit',
      text: ADMIT,
      values: [JSON.stringify(rows), [...new Set(userIds)], instanceId],
    });
    return takeForAdmitted(client, books, wanted, answer.rows);
  });
  books.tell(decided.booked);
  return decided.decisions;
}

/** Those that are let in pay and are counted; who can't leaves the batch again, and the others stay. */
async function takeForAdmitted(
  client: PoolClient,
  books: TurnBooks,
  wanted: readonly CompletionAdmission[],
  verdicts: readonly Verdict[],
): Promise<{ decisions: Decision[]; booked: Booked }> {
  const admitted = verdicts.flatMap((verdict, at) => (verdict.admitted ? at : []));
  const { refusals, booked } = await books.admit(
    client,
    admitted.map((at) => wanted[at]!.claim),
  );
  const refusalAt = new Map(admitted.map((at, index) => [at, refusals[index] ?? null]));
  const gone = admitted.filter((at) => refusalAt.get(at) !== null).map((at) => wanted[at]!);
  if (gone.length > 0) {
    await client.query(
      `with closed as (delete from turn where id = any($1::uuid[])) delete from message where id = any($2::uuid[])`,
      [gone.map((one) => one.turnId), gone.map((one) => one.replyId)],
    );
  }
  return { decisions: verdicts.map((verdict, at) => ({ ...verdict, refusal: refusalAt.get(at) ?? null })), booked };
}

const ADMIT = `
  with wanted as (
    select w.*, row_number() over (partition by w.user_id order by w.at) as nth
    from json_to_recordset($1::json) as w
      (at int, turn_id uuid, reply_id uuid, user_id uuid, client_turn_id text, digest text, model text, most int)),
  used as (
    select t.user_id, count(*)::int as open from turn t
    where t.user_id = any($2::uuid[]) and t.state in ('queued', 'running') group by t.user_id),
  judged as (
    select w.*, coalesce(u.open, 0) as open, k.id as known_turn, k.request_digest as known_digest,
      k.id is null and coalesce(u.open, 0) + w.nth <= w.most as admitted
    from wanted w
    left join used u on u.user_id = w.user_id
    left join turn k on k.user_id = w.user_id and k.client_turn_id = w.client_turn_id),
  reply as (
    insert into message (id, user_id, role, status, model, turn_id)
    select j.reply_id, j.user_id, 'assistant', 'queued', j.model, j.turn_id from judged j where j.admitted),
  opened as (
    insert into turn (id, user_id, message_id, client_turn_id, request_digest, state, model, instance_id, lease_until)
    select j.turn_id, j.user_id, j.reply_id, j.client_turn_id, j.digest, 'queued', j.model, $3, ${LEASE}
    from judged j where j.admitted)
  select j.admitted, j.open, j.known_turn, j.known_digest from judged j order by j.at`;

import type { Pool } from 'pg';
import { countedWords, PROMPT_TOKENS, wordsAskedFor } from './counting-upstream.ts';
import { PRICE } from './chaos.ts';
import type { Person } from './person.ts';

interface TurnRow {
  id: string;
  user_id: string;
  client_turn_id: string;
  state: string;
  conversation_id: string | null;
  asked: string | null;
  /** Of the reply; null where a later turn has written it again. */
  text: string | null;
  status: string | null;
  usage: { input: number; output: number } | null;
  /** As `kind amount`, in order. */
  transfers: string[];
  hold: { state: string; amount: number; captured: number } | null;
}

const TURNS = `
  select t.id, t.user_id, t.client_turn_id, t.state, t.conversation_id, asked.text as asked, m.text, m.status, m.usage,
    array(select x.kind || ' ' || x.amount from credit_transfer x where x.turn_id = t.id order by x.id) as transfers,
    (select json_build_object('state', h.state, 'amount', h.amount, 'captured', h.captured) from credit_hold h
     where h.turn_id = t.id) as hold
  from turn t
  left join message asked on asked.id = t.user_message_id
  left join message m on m.id = t.message_id and m.turn_id = t.id
  order by t.id`;

export interface Audit {
  /** Everything that is not as it must be; empty when all is well. */
  faults: string[];
  turns: TurnRow[];
}

/** Looks at every turn, every message and every account, without asking the product. */
export async function audit(pool: Pool, people: readonly Person[]): Promise<Audit> {
  const { rows: turns } = await pool.query<TurnRow>(TURNS);
  const faults = [
    ...turns.flatMap((turn) => faultsOfTurn(turn).map((fault) => `turn ${turn.id} (${turn.state}): ${fault}`)),
    ...people.flatMap((person) => faultsOfWishes(person, turns)),
    ...(await faultsOfMessages(pool)),
    ...(await faultsOfAccounts(pool)),
  ];
  return { faults, turns };
}

/** What has become of it, what it was charged, and whether the one follows from the other. */
function faultsOfTurn(turn: TurnRow): string[] {
  const { hold, text, usage } = turn;
  const faults: string[] = [];
  const expectThat = (isSo: boolean, fault: string) => isSo || faults.push(fault);
  expectThat(['completed', 'stopped', 'interrupted'].includes(turn.state), 'is no end');
  if (hold === null) return [...faults, 'has locked nothing'];
  const moved = [
    `hold ${hold.amount}`,
    ...(hold.captured > 0 ? [`capture ${hold.captured}`] : []),
    ...(hold.amount > hold.captured ? [`release ${hold.amount - hold.captured}`] : []),
  ];
  expectThat(turn.transfers.join() === moved.join(), `moved ${turn.transfers.join()} for ${JSON.stringify(hold)}`);
  expectThat(hold.state === (hold.captured > 0 ? 'captured' : 'released'), `has a hold that is ${hold.state}`);
  if (turn.state === 'interrupted') expectThat(hold.captured === 0, `was charged ${hold.captured}`);
  if (turn.state === 'completed') expectThat(hold.captured > 0, 'was charged nothing');
  if (text === null) return faults;

  const words = countedWords(text);
  const status = turn.state === 'completed' ? 'done' : turn.state;
  expectThat(turn.status === status, `shows as ${turn.status}`);
  expectThat(words !== null, `reads "${text}"`);
  if (turn.state === 'completed') {
    const said = { input: PROMPT_TOKENS, output: words ?? 0 };
    expectThat(hold.captured === priceOf(said), `was charged ${hold.captured} for ${words} words`);
    expectThat(turn.asked === null || words === wordsAskedFor(turn.asked), `has ${words} words for "${turn.asked}"`);
  }
  if (turn.state === 'stopped') {
    const owed = text === '' || usage === null ? 0 : priceOf(usage);
    expectThat(hold.captured === owed, `was charged ${hold.captured} in place of ${owed}`);
  }
  return faults;
}

function priceOf({ input, output }: { input: number; output: number }): number {
  return PRICE.perMessage + Math.ceil((input * PRICE.per1kInput + output * PRICE.per1kOutput) / 1_000);
}

/** Each thing he wanted once is there once, under the turn he was told of, and nothing else is. */
function faultsOfWishes({ user, granted, ends }: Person, all: readonly TurnRow[]): string[] {
  const mine = all.filter((turn) => turn.user_id === user.id);
  const known = new Map(mine.map((turn) => [turn.client_turn_id, turn]));
  const states = new Map(mine.map((turn) => [turn.id, turn.state]));
  const faults: string[] = [];
  for (const { kind, clientTurnId, turnId, text, conversationId } of granted) {
    const turn = known.get(clientTurnId);
    if (turn === undefined) faults.push(`${kind} ${clientTurnId} is lost`);
    else if (turnId !== null && turn.id !== turnId) faults.push(`${kind} ${clientTurnId} is not turn ${turnId}`);
    else if (turn.asked !== text || turn.conversation_id !== conversationId)
      faults.push(`${turn.id} says ${turn.asked}`);
  }
  if (mine.length !== granted.length) faults.push(`has ${mine.length} turns in place of ${granted.length}`);
  for (const [turnId, state] of ends) {
    if (states.get(turnId) !== state) faults.push(`turn ${turnId} was ${state} and is ${states.get(turnId)}`);
  }
  return faults.map((fault) => `person ${user.id}: ${fault}`);
}

async function faultsOfMessages(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ fault: string }>(`
    with known as (
      select message_id as id from turn union select user_message_id from turn where user_message_id is not null),
    replies as (
      select r.parent_id as id, count(*) as written from message r where r.parent_id is not null and r.role = 'assistant'
      group by r.parent_id)
    select 'it is said ' || count(*) || ' times: ' || m.text as fault from message m
    where m.role = 'user' group by m.user_id, m.text having count(*) > 1
    union all
    select 'message ' || m.id || ' belongs to no turn' from message m left join known k on k.id = m.id where k.id is null
    union all
    select 'message ' || m.id || ' has no reply' from message m left join replies r on r.id = m.id
    where m.role = 'user' and r.id is null
    union all
    select 'message ' || m.id || ' is ' || m.status from message m
    where m.status not in ('done', 'stopped', 'interrupted')`);
  return rows.map(({ fault }) => fault);
}

/** What somebody has is what he was given, less what his turns have cost; and the same was counted for his days. */
async function faultsOfAccounts(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ fault: string }>(`
    with account as (
      select a.user_id, a.available, a.held,
        (select coalesce(sum(case when t.credit = 'available' then t.amount when t.debit = 'available' then -t.amount
           else 0 end), 0) from credit_transfer t where t.user_id = a.user_id) as booked_available,
        (select coalesce(sum(case when t.credit = 'held' then t.amount when t.debit = 'held' then -t.amount
           else 0 end), 0) from credit_transfer t where t.user_id = a.user_id) as booked_held,
        (select coalesce(sum(case when t.credit = 'granted' then -t.amount else t.amount end), 0) from credit_transfer t
         where t.user_id = a.user_id and 'granted' in (t.debit, t.credit)) as given,
        (select coalesce(sum(h.captured), 0) from credit_hold h where h.user_id = a.user_id) as charged,
        (select count(*) from turn t where t.user_id = a.user_id) as turns,
        (select coalesce(sum(d.charged), 0) from usage_day d where d.user_id = a.user_id) as charged_by_day,
        (select coalesce(sum(d.requests), 0) from usage_day d where d.user_id = a.user_id) as requests
      from credit_account a)
    select 'account ' || row_to_json(account) as fault from account
    where held <> 0 or booked_held <> 0 or available <> booked_available or available <> given - charged
      or charged_by_day <> charged or requests <> turns`);
  return rows.map(({ fault }) => fault);
}

import { randomUUID } from 'node:crypto';
import type { TestApp } from '@parley/core/testing';
import { loadPlan } from './load-plan.ts';
import { randomFrom } from './random.ts';
import type { Visitor } from './visits.ts';
import { textOf } from './words.ts';

const { messagesInChat, otherChats } = loadPlan;
const messagesInOthers = 2;
/** 40 of them are the 18 kB that a conversation of that length has. */
const charsPerMessage = 450;
const microCreditsEach = 100_000_000;
/** Distinct texts; rows are what costs, and these are many enough for the search index to look as it does. */
const texts = 500;

/** Puts a price on the model, and makes people with credits, sessions and conversations that have a past. */
export async function makePeople(parley: TestApp, count: number, signal: AbortSignal): Promise<Visitor[]> {
  const { credits } = parley.app.modules;
  const model = `upstream/${loadPlan.model}`;
  const admin = await parley.users.createAdmin();
  await parley.http(admin)('POST /api/admin/prices', {
    body: { model, perMessage: 1_000, per1kInput: 2_000, per1kOutput: 8_000 },
  });
  const people: { id: string; visitor: Visitor }[] = [];
  for (let index = 0; index < count; index += 1) {
    signal.throwIfAborted();
    const user = await parley.users.create();
    await credits.transfers.book({
      userId: user.id,
      kind: 'grant',
      amount: BigInt(microCreditsEach),
      reason: 'load',
      actorId: null,
      idempotencyKey: randomUUID(),
    });
    const otherIds = Array.from({ length: otherChats }, () => randomUUID());
    people.push({ id: user.id, visitor: { cookie: user.cookie, chatId: randomUUID(), otherIds } });
  }
  const { pool } = parley.app.platform.database;
  const random = randomFrom(1);
  const lines = Array.from({ length: texts }, () => textOf(random, charsPerMessage));
  const chats = people.flatMap(({ id, visitor }) => [
    { userId: id, chatId: visitor.chatId, messages: messagesInChat },
    ...visitor.otherIds.map((chatId) => ({ userId: id, chatId, messages: messagesInOthers })),
  ]);
  for (let at = 0; at < chats.length; at += 500) {
    signal.throwIfAborted();
    await insertChats(pool, model, chats.slice(at, at + 500), lines);
  }
  await pool.query('analyze');
  return people.map(({ visitor }) => visitor);
}

interface Chat {
  userId: string;
  chatId: string;
  messages: number;
}

/** Through the API it would take minutes. Texts are words and blanks, so they are searched for as they stand. */
async function insertChats(
  pool: TestApp['app']['platform']['database']['pool'],
  model: string,
  chats: readonly Chat[],
  lines: readonly string[],
): Promise<void> {
  const ids = chats.flatMap(({ messages }) => Array.from({ length: messages }, () => randomUUID()));
  await pool.query(
    `with chat as (
       select c.*, sum(length) over (order by n) - length as before
       from unnest($1::uuid[], $2::uuid[], $3::int[]) with ordinality c(user_id, id, length, n)),
     conversations as (
       insert into conversation (id, user_id, title, title_source, model, active_leaf_id, search, last_active_at)
       select id, user_id, 'chat ' || n, 'user', $5, ($4::uuid[])[before + length],
         array_to_tsvector(array['@' || user_id, 'chat', n::text]), now() - random() * interval '30 days'
       from chat)
     insert into message (id, user_id, conversation_id, parent_id, slot_id, role, status, text, position, search)
     select ($4::uuid[])[before + place], user_id, c.id, case when place > 1 then ($4::uuid[])[before + place - 1] end,
       case when place > 1 then ($4::uuid[])[before + place - 1] else c.id end,
       case when place % 2 = 1 then 'user' else 'assistant' end, 'done', line.text, place,
       array_to_tsvector(array(select distinct w from unnest('@' || user_id || string_to_array(line.text, ' ')) w))
     from chat c cross join lateral generate_series(1, length) place
       cross join lateral (select ($6::text[])[1 + (before + place * 7 + n * 31) % array_length($6::text[], 1)] as text) line`,
    [
      chats.map(({ userId }) => userId),
      chats.map(({ chatId }) => chatId),
      chats.map(({ messages }) => messages),
      ids,
      model,
      lines,
    ],
  );
}

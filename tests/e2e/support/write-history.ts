import { randomUUID } from 'node:crypto';
import type { TestApp, TestUser } from '@parley/core/testing';
import { Client } from 'pg';

/** Ids that sort in the order of the messages, as the real ones do. */
function idAt(index: number): string {
  const time = (1_700_000_000_000 + index).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** A conversation of this many messages, by turns of the person and of the model; talking it into being would take hours. */
export async function writeHistory(
  parley: TestApp,
  user: TestUser,
  length: number,
): Promise<{ id: string; messageIds: string[] }> {
  const { id } = await parley.http(user)('POST /api/conversations', { body: {} });
  const messageIds = Array.from({ length }, (_, index) => idAt(index));
  const client = new Client(parley.databaseUrl);
  await client.connect();
  try {
    await client.query(
      `insert into message (id, user_id, conversation_id, parent_id, slot_id, role, status, text, position)
       select t.id, $1, $2, p.id, coalesce(p.id, $2), case when t.n % 2 = 1 then 'user' else 'assistant' end, 'done',
         'Message ' || t.n || '. ' || repeat('It says a little more than the one before. ', (t.n % 7)::int), t.n
       from unnest($3::uuid[]) with ordinality t(id, n) left join unnest($3::uuid[]) with ordinality p(id, n) on p.n = t.n - 1`,
      [user.id, id, messageIds],
    );
    await client.query('update conversation set active_leaf_id = $1 where id = $2', [messageIds.at(-1), id]);
    await client.query('analyze message');
  } finally {
    await client.end();
  }
  return { id, messageIds };
}

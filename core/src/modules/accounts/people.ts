import type { Pool } from 'pg';

export interface Person {
  nickname: string;
  email: string;
}

/** Names for ids, for lists that show who did something. Those of accounts that are gone are missing. */
export async function findPeople(pool: Pool, ids: readonly string[]): Promise<Map<string, Person>> {
  const { rows } = await pool.query<Person & { id: string }>(
    'select id, nickname, email from users where id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, nickname, email }) => [id, { nickname, email }]));
}

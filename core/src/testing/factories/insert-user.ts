import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

/** Somebody who owns things and never signs in: for tests of rooms that know nothing of accounts. */
export async function insertUser(pool: Pool, id: string = randomUUID()): Promise<string> {
  await pool.query(
    `insert into users (id, email, nickname, password_hash, language) values ($1, $2, 'Robin', '', 'en')
     on conflict do nothing`,
    [id, `${id}@example.com`],
  );
  return id;
}

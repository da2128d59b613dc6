import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../testing/services/index.ts';
import { checkDatabase } from './doctor-checks.ts';

test('a user of the database who may not make the schema of the queue is told of, with the grant he needs', async () => {
  const place = await createTestDatabase();
  onTestFinished(() => place.drop());
  const owner = new Client({ connectionString: place.url });
  await owner.connect();
  const user = `guest_${randomUUID()}`;
  await owner.query(`create role "${user}" login password 'open'`);
  onTestFinished(async () => {
    await owner.query(`drop owned by "${user}"; drop role "${user}"`);
    await owner.end();
  });
  const url = new URL(place.url);
  url.username = user;
  url.password = 'open';
  const check = () => checkDatabase({ databaseUrl: url.href, dataDir: '' });
  const name = url.pathname.slice(1);
  expect(await check()).toEqual({
    state: 'wrong',
    text: `${user} may not make the schema of the queue of jobs`,
    mend: `In the database: grant create on database "${name}" to "${user}".`,
  });
  await owner.query(`grant create on database "${name}" to "${user}"`);
  expect((await check()).text).toContain('migrations pending');
});

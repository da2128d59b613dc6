import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../testing/index.ts';

let parley: TestApp;
let ada: TestUser;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
  ada = await parley.users.createAdmin();
});
afterAll(() => parley.stop());

test('admins read in the ledger whose credits moved and who moved them', async () => {
  const mira = await parley.users.create({ nickname: 'Mira' });
  const body = { amount: 5_000_000, reason: 'Welcome', idempotencyKey: randomUUID() };
  await parley.http(ada)('POST /api/admin/users/:id/grants', { params: { id: mira.id }, body });

  const { items } = await parley.http(ada)('GET /api/admin/ledger', { query: { userId: mira.id } });
  expect(items).toMatchObject([
    {
      amount: 5_000_000,
      reason: 'Welcome',
      user: { nickname: 'Mira', email: mira.email },
      actor: { email: ada.email },
    },
  ]);
  const own = await parley.http(mira)('GET /api/credits/ledger');
  expect(own.items[0]).not.toHaveProperty('actor');
});

test('what the system books was done by nobody', async () => {
  const jun = await parley.users.create({ nickname: 'Jun' });
  const pool = parley.app.platform.database.pool;
  await pool.query(
    `insert into credit_transfer (user_id, kind, debit, credit, amount, reason, idempotency_key)
     values ($1, 'grant', 'granted', 'available', 1, 'monthly', $2)`,
    [jun.id, randomUUID()],
  );
  const { items } = await parley.http(ada)('GET /api/admin/ledger', { query: { userId: jun.id, kind: 'grant' } });
  expect(items.at(0)).toMatchObject({ user: { nickname: 'Jun' }, actor: null });
});

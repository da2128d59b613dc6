import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../ports/database/database.ts';
import { inTransaction } from '../../ports/database/transaction.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import type { QuotaUse } from './quota.ts';
import { type QuotaUsed, recordQuota, takeQuota } from './testing/count-quota.ts';

const undo = new AsyncDisposableStack();
let database: Database;
beforeAll(async () => {
  database = await openDatabase({ url: await createMigratedDatabase(undo) });
  undo.defer(() => database.close());
});
afterAll(() => undo.disposeAsync());

const day = '2026-11-21';
const use = (userId: string, fields: Partial<QuotaUse> = {}): QuotaUse => ({
  userId,
  day,
  model: 'demo/eliza',
  plugin: 'parley.provider-demo',
  requestsPerDay: null,
  tokensPerDay: null,
  ...fields,
});
const used = (userId: string, fields: Partial<QuotaUsed> = {}): QuotaUsed => ({
  userId,
  day,
  model: 'demo/eliza',
  plugin: 'parley.provider-demo',
  inputTokens: 0,
  outputTokens: 0,
  chargedMicro: 0n,
  ...fields,
});
const take = (uses: QuotaUse[]) => inTransaction(database.pool, (client) => takeQuota(client, uses));
const record = (uses: QuotaUsed[]) => inTransaction(database.pool, (client) => recordQuota(client, uses));
async function rowsOf(userId: string) {
  const { rows } = await database.pool.query(
    `select day::text, model, requests, input_tokens::int as input, output_tokens::int as output, charged::text
       from usage_day where user_id = $1 order by day, model`,
    [userId],
  );
  return rows;
}

test('requests of one person in one batch are judged one after another', async () => {
  const [ada, bob] = [randomUUID(), randomUUID()];
  const three = { requestsPerDay: 3 };
  const answers = await take([
    use(ada, three),
    use(bob, { requestsPerDay: 1 }),
    use(ada, { ...three, model: 'other/model' }),
    use(bob, { requestsPerDay: 1 }),
    use(ada, three),
    use(ada, three),
  ]);
  expect(answers).toEqual([
    null,
    null,
    null,
    { spent: 'requests', limit: 1, used: 1 },
    null,
    { spent: 'requests', limit: 3, used: 3 },
  ]);
  expect(await rowsOf(ada)).toMatchObject([
    { model: 'demo/eliza', requests: 2 },
    { model: 'other/model', requests: 1 },
  ]);
  expect(await take([use(ada, three)])).toEqual([{ spent: 'requests', limit: 3, used: 3 }]);
  expect(await take([use(ada, { requestsPerDay: 4 })])).toEqual([null]);
});

test('tokens of all models and both ways count, and a day that spent them takes no request', async () => {
  const ada = randomUUID();
  const most = { tokensPerDay: 100 };
  expect(await take([use(ada, most)])).toEqual([null]);
  await record([
    used(ada, { inputTokens: 40, outputTokens: 9 }),
    used(ada, { inputTokens: 30, outputTokens: 20, model: 'other/model' }),
  ]);
  expect(await take([use(ada, most)])).toEqual([null]);
  await record([used(ada, { outputTokens: 1 })]);
  expect(await take([use(ada, { ...most, requestsPerDay: 1 })])).toEqual([{ spent: 'tokens', limit: 100, used: 100 }]);
  expect((await rowsOf(ada))[0]).toMatchObject({ requests: 2 });
});

test('another day begins with nothing', async () => {
  const ada = randomUUID();
  const one = { requestsPerDay: 1 };
  expect(await take([use(ada, one), use(ada, { ...one, day: '2026-11-22' })])).toEqual([null, null]);
  expect(await take([use(ada, one), use(ada, { ...one, day: '2026-11-22' })])).toEqual([
    expect.objectContaining({ spent: 'requests' }),
    expect.objectContaining({ spent: 'requests' }),
  ]);
});

test('a quota of nothing lets nothing through', async () => {
  const ada = randomUUID();
  expect(await take([use(ada, { requestsPerDay: 0 }), use(randomUUID(), { tokensPerDay: 0 })])).toEqual([
    { spent: 'requests', limit: 0, used: 0 },
    { spent: 'tokens', limit: 0, used: 0 },
  ]);
  expect(await rowsOf(ada)).toEqual([]);
});

test('what several turns of one day took is added up, to the last micro-credit', async () => {
  const ada = randomUUID();
  const much = 9_007_199_254_740_993n;
  await record([
    used(ada, { inputTokens: 1, outputTokens: 2, chargedMicro: much }),
    used(ada, { inputTokens: 10, outputTokens: 20, chargedMicro: 1n }),
  ]);
  await record([used(ada, { inputTokens: 100, outputTokens: 200, chargedMicro: 2n })]);
  expect(await rowsOf(ada)).toEqual([
    { day, model: 'demo/eliza', requests: 0, input: 111, output: 222, charged: String(much + 3n) },
  ]);
});

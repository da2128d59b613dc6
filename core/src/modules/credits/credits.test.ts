import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { problemOf } from '../../testing/problem-of.ts';

const secret = 'whsec_of_this_test_alone';
let parley: TestApp;
let admin: TestUser;
let user: TestUser;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true, config: { stripeWebhookSecret: secret } });
  admin = await parley.users.createAdmin();
  user = await parley.users.create();
});
afterAll(() => parley.stop());

const balance = async (of: TestUser) => {
  const { available, held } = await parley.http(of)('GET /api/credits');
  return { available, held };
};
const grant = (to: string, amount: number, idempotencyKey: string = randomUUID()) =>
  parley.http(admin)('POST /api/admin/users/:id/grants', {
    params: { id: to },
    body: { amount, reason: 'welcome', idempotencyKey },
  });

test('an admin gives credits once for a key, and what he did is on record', async () => {
  const key = randomUUID();
  await grant(user.id, 5_000_000, key);
  await grant(user.id, 5_000_000, key);
  expect(await balance(user)).toEqual({ available: 5_000_000, held: 0 });
  expect(await problemOf(grant(user.id, 6_000_000, key))).toMatchObject({ status: 422, code: 'credits.key-reused' });
  const audit = await parley.http(admin)('GET /api/admin/audit', { query: { action: 'credits.' } });
  expect(audit.items.filter(({ target }) => target.id === user.id)).toHaveLength(1);
});

test('a correction goes both ways and never below nothing', async () => {
  const someone = await parley.users.create();
  const adjust = (amount: number) =>
    parley.http(admin)('POST /api/admin/users/:id/adjustments', {
      params: { id: someone.id },
      body: { amount, reason: 'mistake', idempotencyKey: randomUUID() },
    });
  await adjust(300);
  await adjust(-100);
  expect(await balance(someone)).toEqual({ available: 200, held: 0 });
  expect(await problemOf(adjust(-201))).toMatchObject({ code: 'credits.balance-too-low', status: 409 });
  expect(await balance(someone)).toEqual({ available: 200, held: 0 });
  const { items } = await parley.http(someone)('GET /api/credits/ledger');
  expect(items.map(({ kind, from, to, amount }) => [kind, from, to, amount])).toEqual([
    ['adjust', 'available', 'granted', 100],
    ['adjust', 'granted', 'available', 300],
  ]);
});

test('nobody is given what no balance can hold, and nobody who is not there', async () => {
  const someone = await parley.users.create();
  for (let times = 0; times < 9; times++) await grant(someone.id, 1_000_000_000_000_000);
  expect(await problemOf(grant(someone.id, 1))).toMatchObject({ status: 409, code: 'credits.balance-too-high' });
  expect(await problemOf(grant(randomUUID(), 1))).toMatchObject({ status: 404 });
});

test('codes are shown once, redeemed however they are typed, once by each and only as often as they allow', async () => {
  const http = parley.http(admin);
  const { codes } = await http('POST /api/admin/codes', {
    body: { batch: 'spring', count: 2, amount: 1_500_000, maxUses: 2 },
  });
  expect(new Set(codes).size).toBe(2);
  const people = await Promise.all([1, 2, 3].map(() => parley.users.create()));
  const redeem = (of: TestUser, code: string) => parley.http(of)('POST /api/credits/redeem', { body: { code } });
  const typed = codes[0]!.toLowerCase().replaceAll('-', ' ');
  expect(await redeem(people[0]!, typed)).toMatchObject({ amount: 1_500_000, balance: { available: 1_500_000 } });
  expect(await problemOf(redeem(people[0]!, codes[0]!))).toMatchObject({ code: 'credits.code-used' });
  await redeem(people[1]!, codes[0]!);
  expect(await problemOf(redeem(people[2]!, codes[0]!))).toMatchObject({ code: 'credits.code-not-usable' });
  expect(await problemOf(redeem(people[2]!, 'NO-SUCH-CODE'))).toMatchObject({ code: 'credits.code-not-usable' });

  const { items } = await http('GET /api/admin/codes', { query: { batch: 'spring' } });
  expect(items.map(({ uses }) => uses).toSorted((a, b) => a - b)).toEqual([0, 2]);
  expect(JSON.stringify(items)).not.toContain(codes[0]!);
  const unused = items.find(({ uses }) => uses === 0)!;
  await http('POST /api/admin/codes/:id/revoke', { params: { id: unused.id } });
  expect(await problemOf(redeem(people[2]!, codes[1]!))).toMatchObject({ code: 'credits.code-not-usable' });
});

test('of many who redeem the last use of a code at once, one gets it', async () => {
  const { codes } = await parley.http(admin)('POST /api/admin/codes', {
    body: { batch: 'race', count: 1, amount: 10, maxUses: 1 },
  });
  const people = await Promise.all(Array.from({ length: 8 }, () => parley.users.create()));
  const tries = await Promise.allSettled(
    people.map((one) => parley.http(one)('POST /api/credits/redeem', { body: { code: codes[0]! } })),
  );
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a price is a version: the newest that holds counts, a future one can be taken back, a past one stays', async () => {
  const http = parley.http(admin);
  const set = (perMessage: number, validFrom?: string) =>
    http('POST /api/admin/prices', { body: { model: 'demo/eliza', perMessage, validFrom } });
  const first = await set(1_000);
  const future = await set(9_000, new Date(Date.now() + 3_600_000).toISOString());
  const current = async () => (await parley.http(user)('GET /api/prices')).map(({ id }) => id);
  expect(await current()).toEqual([first.id]);
  expect(await problemOf(set(1, '2020-01-01T00:00:00Z'))).toMatchObject({ code: 'credits.price-in-the-past' });
  const withdraw = (id: string) => http('DELETE /api/admin/prices/:id', { params: { id } });
  expect(await problemOf(withdraw(first.id))).toMatchObject({ status: 409, code: 'credits.price-holds' });
  await withdraw(future.id);
  const { items } = await http('GET /api/admin/audit', { query: { targetId: future.id } });
  expect(items.map(({ action, target }) => [action, target.name])).toEqual([
    ['price.withdrawn', 'demo/eliza'],
    ['price.set', 'demo/eliza'],
  ]);
  const second = await set(2_000);
  expect(await current()).toEqual([second.id]);
  expect((await http('GET /api/admin/prices')).map(({ id }) => id)).toEqual([second.id, first.id]);
});

test("own caps are set one by one and taken away again; another's books are not there", async () => {
  const http = parley.http(user);
  await http('PATCH /api/credits/caps', { body: { dayCap: 100, lowBalanceAt: 5 } });
  await http('PATCH /api/credits/caps', { body: { conversationCap: 7 } });
  expect(await http('PATCH /api/credits/caps', { body: { dayCap: null } })).toMatchObject({
    dayCap: null,
    conversationCap: 7,
    lowBalanceAt: 5,
  });
  expect(await problemOf(http('GET /api/turns/:id/receipt', { params: { id: randomUUID() } }))).toMatchObject({
    code: 'credits.receipt-not-found',
  });
});

test('the link to buy credits names the buyer', async () => {
  const http = parley.http(admin);
  expect((await parley.http(user)('GET /api/credits')).topUpUrl).toBeNull();
  await http('PATCH /api/admin/settings', { body: { topUpUrl: 'https://buy.example.com/x?lang=en' } });
  expect((await parley.http(user)('GET /api/credits')).topUpUrl).toBe(
    `https://buy.example.com/x?lang=en&client_reference_id=${user.id}`,
  );
  expect(
    await problemOf(http('PATCH /api/admin/settings', { body: { topUpUrl: 'javascript:alert(1)' } })),
  ).toMatchObject({ status: 422 });
});

test('a payment is booked once, however often and under whatever event it is told', async () => {
  const buyer = await parley.users.create();
  const session = {
    id: `cs_${randomUUID()}`,
    payment_status: 'paid',
    client_reference_id: buyer.id,
    metadata: { parley_credits: '3' },
  };
  const call = (type: string, object: object = session, key = secret) => {
    const body = JSON.stringify({ type, data: { object } });
    const at = Math.floor(Date.now() / 1000);
    const v1 = createHmac('sha256', key).update(`${at}.${body}`).digest('hex');
    const headers = { 'stripe-signature': `t=${at},v1=${v1}`, 'content-type': 'application/json' };
    return fetch(`${parley.url}/api/payments/stripe`, { method: 'POST', headers, body });
  };
  const told = await Promise.all([
    call('checkout.session.completed'),
    call('checkout.session.completed'),
    call('checkout.session.async_payment_succeeded'),
  ]);
  expect(told.map(({ status }) => status)).toEqual([204, 204, 204]);
  expect(await balance(buyer)).toEqual({ available: 3_000_000, held: 0 });

  const forged = await call('checkout.session.completed', { ...session, id: 'cs_other' }, 'whsec_guessed');
  expect(forged.status).toBe(400);
  expect(await forged.json()).toMatchObject({ code: 'payments.signature-invalid' });
  const stranger = await call('checkout.session.completed', { ...session, client_reference_id: randomUUID() });
  expect(await stranger.json()).toMatchObject({ status: 422, code: 'payments.event-unusable' });
  expect((await fetch(`${parley.url}/api/payments/other`, { method: 'POST' })).status).toBe(404);
  expect((await fetch(`${parley.url}/api/payments/stripe`)).status).toBe(405);
});

test('the books can be checked on demand and balance', async () => {
  const http = parley.http(admin);
  const report = await http('POST /api/admin/books/check');
  expect(report).toMatchObject({ drift: 0, usersWithDrift: 0, unsettledHolds: 0, holdsWithoutTurn: 0 });
  expect(report.transfers).toBeGreaterThan(5);
  expect(await http('GET /api/admin/books')).toEqual(report);
});

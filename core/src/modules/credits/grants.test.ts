import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createEventBus } from '../../events/event-bus.ts';
import { createLogger } from '../../observability/logger.ts';
import { insertUser } from '../../testing/factories/insert-user.ts';
import type { Booked } from './booked.ts';
import { checkBooks } from './books.ts';
import { Grants } from './grants.ts';
import { createLedgerKit, type LedgerKit } from './testing/ledger-kit.ts';

const undo = new AsyncDisposableStack();
const events = createEventBus((error) => {
  throw error;
});
const told: Booked[] = [];
const signal = new AbortController().signal;
let kit: LedgerKit;
let grants: Grants;
beforeAll(async () => {
  kit = await createLedgerKit(undo);
  const log = createLogger({ level: 'silent' });
  grants = new Grants({ pool: kit.database.pool, events, log, tell: (booked) => void told.push(booked) });
  await kit.database.pool.query(`update tier set sign_up_grant = 0, monthly_grant = 0`);
  await kit.database.pool.query(`update tier set sign_up_grant = 100, monthly_grant = 30 where id = 'free'`);
});
afterAll(() => undo.disposeAsync());

test('whoever joins has what his tier gives to newcomers, at once and only once', async () => {
  const userId = await insertUser(kit.database.pool);
  events.emit('account.created', { userId });
  await vi.waitFor(async () => expect(await kit.balance(userId)).toEqual({ available: 100, held: 0 }), {
    timeout: 60_000,
  });
  events.emit('account.created', { userId });
  await grants.giveDue(signal);
  expect(await kit.balance(userId)).toEqual({ available: 100, held: 0 });
  expect(told.flatMap(({ moved }) => moved)).toEqual([{ kind: 'grant', amount: 100n }]);
});

test('those whom the news has missed are found by the job, and several jobs at once give once', async () => {
  const missed = await Promise.all(Array.from({ length: 30 }, () => insertUser(kit.database.pool)));
  const given = await Promise.all([1, 2, 3].map(() => grants.giveDue(signal)));
  expect(given.reduce((sum, count) => sum + count, 0)).toBe(30);
  for (const userId of missed) expect(await kit.balance(userId)).toEqual({ available: 100, held: 0 });
});

test('a month is given once, not in the month of joining, and not to those who are suspended', async () => {
  const [old, suspended, fresh] = await Promise.all([1, 2, 3].map(() => insertUser(kit.database.pool)));
  await kit.database.pool.query(`update users set created_at = now() - interval '40 days' where id = any($1)`, [
    [old, suspended],
  ]);
  await kit.database.pool.query(`update users set suspended_at = now() where id = $1`, [suspended]);
  await grants.giveDue(signal);
  await grants.giveDue(signal);
  expect(await kit.balance(old!)).toEqual({ available: 130, held: 0 });
  expect(await kit.balance(fresh!)).toEqual({ available: 100, held: 0 });
  expect(await kit.balance(suspended!)).toEqual({ available: Number.NaN, held: Number.NaN });
});

test('a tier that gives nothing opens no account', async () => {
  const userId = await insertUser(kit.database.pool);
  await kit.database.pool.query(`update users set tier_id = 'pro' where id = $1`, [userId]);
  expect(await grants.giveDue(signal)).toBe(0);
  await expect(checkBooks(kit.database.pool)).resolves.toMatchObject({ drift: 0, unsettledHolds: 0 });
});

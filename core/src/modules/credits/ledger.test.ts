import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBooks, isOff } from './books.ts';
import { expireHolds, move, refund, renewHolds } from './ledger/index.ts';
import { testSize } from '../../config/test-services.ts';
import { createLedgerKit, type LedgerKit, placeAll } from './testing/ledger-kit.ts';
import { readFunds, resolveHolds } from './testing/turn-statements.ts';

const undo = new AsyncDisposableStack();
let kit: LedgerKit;
beforeAll(async () => {
  kit = await createLedgerKit(undo);
});
afterAll(() => undo.disposeAsync());

const usage = { input: 3, output: 4, countedBy: 'provider' as const };
const settle = (turnId: string, charge: bigint) =>
  kit.run((client) => resolveHolds(client, [{ turnId, charge, usage }]));
const refundOf = (turnId: string, amount: bigint | null, idempotencyKey: string = randomUUID()) =>
  kit.run((client) => refund(client, turnId, { amount, reason: 'sorry', actorId: randomUUID(), idempotencyKey }));

test('a hold locks, a charge takes its part, and the rest comes back', async () => {
  const userId = await kit.rich(1_000n);
  const turnId = await kit.hold(userId, 300n);
  expect(await kit.balance(userId)).toEqual({ available: 700, held: 300 });
  const { holds, accounts } = await settle(turnId, 120n);
  expect(holds).toMatchObject([{ turnId, amount: 300n, captured: 120n }]);
  expect(accounts).toEqual([{ userId, available: 880n, held: 0n, lowBalanceAt: null }]);
  expect(await kit.story(turnId)).toEqual(['hold 300', 'capture 120', 'release 180']);
});

test('no charge is ever higher than its hold', async () => {
  const userId = await kit.rich(500n);
  const turnId = await kit.hold(userId, 100n);
  await settle(turnId, 1_000_000n);
  expect(await kit.balance(userId)).toEqual({ available: 400, held: 0 });
  expect(await kit.story(turnId)).toEqual(['hold 100', 'capture 100']);
});

test('a hold is resolved once: whoever comes later changes nothing', async () => {
  const userId = await kit.rich(500n);
  const turnId = await kit.hold(userId, 100n);
  await settle(turnId, 0n);
  expect(await settle(turnId, 100n)).toEqual({ holds: [], accounts: [] });
  expect(await kit.balance(userId)).toEqual({ available: 500, held: 0 });
  expect(await kit.story(turnId)).toEqual(['hold 100', 'release 100']);
});

test('a hold that the account cannot pay is not placed, whatever was judged before', async () => {
  const userId = await kit.rich(99n);
  await expect(kit.hold(userId, 100n)).rejects.toThrow('cannot pay');
  expect(await kit.balance(userId)).toEqual({ available: 99, held: 0 });
});

test('a turn has one hold', async () => {
  const userId = await kit.rich(500n);
  const turnId = await kit.hold(userId, 100n);
  await expect(kit.hold(userId, 100n, { turnId })).rejects.toThrow('credit_hold_pkey');
  expect(await kit.balance(userId)).toEqual({ available: 400, held: 100 });
});

test('a hold that nobody renewed for ten minutes goes back to its owner; a renewed one stays', async () => {
  const userId = await kit.rich(500n);
  const [lost, kept] = [await kit.hold(userId, 100n), await kit.hold(userId, 50n)];
  const age = (turnId: string) =>
    kit.database.pool.query(`update credit_hold set expires_at = now() - interval '1 second' where turn_id = $1`, [
      turnId,
    ]);
  await age(lost);
  await age(kept);
  await renewHolds(kit.database.pool, [kept]);
  const { holds } = await kit.run((client) => expireHolds(client, 10));
  expect(holds.map((hold) => hold.turnId)).toEqual([lost]);
  expect(await kit.balance(userId)).toEqual({ available: 450, held: 50 });
  // Settling it after all finds that it was given back.
  expect((await settle(lost, 100n)).holds).toEqual([]);
});

test('what was charged can be refunded, in parts, and never more than it was', async () => {
  const userId = await kit.rich(500n);
  const turnId = await kit.hold(userId, 100n);
  expect(await refundOf(turnId, null)).toEqual({ refundable: 0n });
  await settle(turnId, 80n);
  expect(await refundOf(turnId, 30n)).toMatchObject({ amount: 30n });
  expect(await refundOf(turnId, 51n)).toEqual({ refundable: 50n });
  const key = randomUUID();
  expect(await refundOf(turnId, 1n, key)).toMatchObject({ amount: 1n });
  expect(await refundOf(turnId, 1n, key)).toBeNull();
  expect(await refundOf(turnId, 2n, key)).toEqual({ keyReused: true });
  expect(await refundOf(turnId, null)).toMatchObject({ amount: 49n, account: { available: 500n } });
  expect(await kit.story(turnId)).toEqual([
    'hold 100',
    'capture 80',
    'release 20',
    'refund 30',
    'refund 1',
    'refund 49',
  ]);
});

test('a booking is made once for its key', async () => {
  const userId = randomUUID();
  const grant = {
    userId,
    kind: 'grant' as const,
    amount: 70n,
    reason: 'test',
    actorId: null,
    idempotencyKey: randomUUID(),
  };
  const all = await Promise.all(Array.from({ length: 20 }, () => kit.run((client) => move(client, grant))));
  expect(all.filter((account) => account !== null)).toHaveLength(1);
  expect(await kit.balance(userId)).toEqual({ available: 70, held: 0 });
});

test('a correction takes no more than there is', async () => {
  const userId = await kit.rich(70n);
  const take = (amount: bigint) =>
    kit.run((client) =>
      move(client, { userId, kind: 'adjust', amount, reason: 'test', actorId: null, idempotencyKey: randomUUID() }),
    );
  await expect(take(-70n)).resolves.toMatchObject({ available: 0n });
  const other = await kit.rich(70n);
  await expect(
    kit.run(async (client) => {
      const wanted = { userId: other, kind: 'adjust' as const, amount: -71n, reason: 'test', actorId: null };
      expect(await move(client, { ...wanted, idempotencyKey: randomUUID() })).toBe('too-low');
      throw new Error('taken back');
    }),
  ).rejects.toThrow('taken back');
  expect(await kit.balance(other)).toEqual({ available: 70, held: 0 });
});

test('the ledger refuses to be changed, whoever asks', async () => {
  const turnId = await kit.hold(await kit.rich(10n), 10n);
  for (const change of [
    'update credit_transfer set amount = 1',
    'delete from credit_transfer',
    'truncate credit_transfer',
  ]) {
    await expect(kit.database.pool.query(change)).rejects.toMatchObject({ code: '42501' });
  }
  expect(await kit.story(turnId)).toEqual(['hold 10']);
});

test('funds are told with what was spent since midnight and in the conversation, where a cap asks for it', async () => {
  const userId = await kit.rich(1_000n);
  const conversationId = randomUUID();
  await settle(await kit.hold(userId, 100n, { conversationId }), 60n);
  await kit.hold(userId, 40n);
  const look = (dayStart: Date | null) => kit.run((client) => readFunds(client, { userId, conversationId, dayStart }));
  const nothingCapped = {
    available: 900n,
    dayCap: null,
    conversationCap: null,
    spentToday: 0n,
    spentInConversation: 0n,
  };
  expect(await look(new Date(0))).toEqual(nothingCapped);
  expect(await look(null)).toBeNull();
  await kit.database.pool.query('update credit_account set day_cap = 500, conversation_cap = 70 where user_id = $1', [
    userId,
  ]);
  const capped = { ...nothingCapped, dayCap: 500n, conversationCap: 70n, spentInConversation: 60n };
  expect(await look(new Date(0))).toEqual({ ...capped, spentToday: 100n });
  expect(await look(new Date(Date.now() + 60_000))).toEqual(capped);
});

test('settled and placed side by side for the same people, nobody waits for ever and the books balance', async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => kit.rich(100_000n)));
  const round = async (index: number) => {
    const turns = await Promise.all(people.map((userId) => kit.hold(userId, 10n)));
    const ends = turns.map((turnId) => ({ turnId, charge: BigInt(index % 12), usage }));
    await kit.run((client) => resolveHolds(client, index % 2 === 0 ? ends : ends.toReversed()));
  };
  await Promise.all(Array.from({ length: 40 }, (_, index) => round(index)));
  for (const userId of people) expect((await kit.balance(userId)).held).toBe(0);
});

test('one hold that many try to resolve at once is resolved by one of them', async () => {
  const userId = await kit.rich(1_000n);
  const turnId = await kit.hold(userId, 100n, {});
  await kit.database.pool.query(`update credit_hold set expires_at = now() where turn_id = $1`, [turnId]);
  const tries = Array.from({ length: 30 }, (_, index) =>
    index % 3 === 0 ? kit.run((client) => expireHolds(client, 10)) : settle(turnId, index % 3 === 1 ? 70n : 0n),
  );
  const wins = (await Promise.all(tries)).filter(({ holds }) => holds.length > 0);
  expect(wins).toHaveLength(1);
  const charged = Number(wins[0]!.holds[0]!.captured);
  expect(await kit.balance(userId)).toEqual({ available: 1_000 - charged, held: 0 });
});

test(
  'of a charge, a release and an expiry that race for one hold exactly one wins',
  { timeout: 3_600_000 },
  async () => {
    const userId = await kit.rich(1_000_000_000n);
    let left = 1_000_000_000;
    const wins = { charge: 0, release: 0, expiry: 0 };
    const races = testSize('RACES', 100);
    for (let race = 0; race < races; race += 1) {
      const turnId = await kit.hold(userId, 100n);
      await kit.database.pool.query(`update credit_hold set expires_at = now() - interval '1 s' where turn_id = $1`, [
        turnId,
      ]);
      const tries = {
        charge: () => settle(turnId, 70n),
        release: () => settle(turnId, 0n),
        expiry: () => kit.run((client) => expireHolds(client, 10)),
      };
      // Each begins first a third of the time.
      const names = (['charge', 'release', 'expiry'] as const).map((_, at, all) => all[(at + race) % 3]!);
      const ends = await Promise.all(names.map(async (name) => ({ name, ...(await tries[name]()) })));
      const won = ends.filter(({ holds }) => holds.some((hold) => hold.turnId === turnId));
      expect([race, won.length]).toEqual([race, 1]);
      wins[won[0]!.name] += 1;
      if (won[0]!.name === 'charge') left -= 70;
    }
    process.stdout.write(`races for one hold: ${races}, won by ${JSON.stringify(wins)}\n`);
    expect(await kit.balance(userId)).toEqual({ available: left, held: 0 });
    expect(Math.min(wins.charge, wins.release)).toBeGreaterThan(0);
  },
);

test('placing several at once is all or nothing', async () => {
  const [rich, poor] = [await kit.rich(100n), await kit.rich(1n)];
  const hold = (userId: string) => ({
    turnId: randomUUID(),
    userId,
    conversationId: null,
    model: 'demo/model',
    priceId: randomUUID(),
    estimate: 5n,
    amount: 5n,
  });
  await expect(kit.run((client) => placeAll(client, [hold(rich), hold(poor)]))).rejects.toThrow('cannot pay');
  expect(await kit.balance(rich)).toEqual({ available: 100, held: 0 });
});

test('after all of this the books balance, but for holds whose turns never were', async () => {
  const report = await checkBooks(kit.database.pool);
  expect(report).toMatchObject({ drift: 0, usersWithDrift: 0, unsettledHolds: 0 });
  expect(report.transfers).toBeGreaterThan(100);
  expect(report.holdsWithoutTurn).toBe(report.activeHolds);
  expect(isOff(report)).toBe(true);
});

test('a balance that was changed behind the ledger is found', async () => {
  const userId = await kit.rich(50n);
  await kit.database.pool.query('update credit_account set available = available + 7 where user_id = $1', [userId]);
  await expect(checkBooks(kit.database.pool)).resolves.toMatchObject({ drift: 7, usersWithDrift: 1 });
});

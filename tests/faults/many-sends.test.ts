import { createHttpClient } from '@parley/sdk/client';
import type { TestUser } from '@parley/core/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBooks, isOff } from '../../core/src/modules/credits/index.ts';
import { chunk, openStream } from '../support/parley/openai-upstream.ts';
import { type PaidPair, startPaidPair } from '../support/parley/paid-pair.ts';
import { paidModel, pricePerMessage } from '../support/parley/paid-upstream.ts';

const SENDS = 1_000;
const CONVERSATIONS = 50;
const undo = new AsyncDisposableStack();
let people: TestUser[];
let instances: PaidPair['instances'];
let pool: Pool;
let finish: () => void;

beforeAll(async () => {
  const pair = await startPaidPair([10, 1_000], undo);
  ({ instances, people, pool } = pair);
  const finished = Promise.withResolvers<void>();
  finish = finished.resolve;
  pair.upstream.answerAlways((response) => {
    openStream(response);
    response.write(chunk({ content: 'Here' }));
    void finished.promise.then(() => response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`));
  });
});
afterAll(() => undo.disposeAsync());

interface Seen {
  looks: number;
  lowest: number;
  mostOpen: number;
}

/** Looks into the database as long as `work` takes. */
async function watched(userId: string, work: Promise<unknown>): Promise<Seen> {
  const seen: Seen = { looks: 0, lowest: Number.POSITIVE_INFINITY, mostOpen: 0 };
  const watching = { isOver: false };
  void work.finally(() => (watching.isOver = true));
  while (!watching.isOver) {
    const { rows } = await pool.query<{ lowest: number; open: number }>(
      `select least(available, held)::float8 as lowest,
         (select count(*) from turn where user_id = $1 and state in ('queued', 'running'))::int as open
       from credit_account where user_id = $1`,
      [userId],
    );
    const { lowest, open } = rows[0]!;
    seen.looks += 1;
    seen.lowest = Math.min(seen.lowest, lowest);
    seen.mostOpen = Math.max(seen.mostOpen, open);
  }
  return seen;
}

/** Over both instances at once; how often each code came. */
async function sendMany(user: TestUser): Promise<{ codes: Record<string, number>; seen: Seen }> {
  const clients = instances.map(({ url }) => createHttpClient({ baseUrl: url, headers: { cookie: user.cookie } }));
  const conversations: string[] = [];
  for (let made = 0; made < CONVERSATIONS; made += 1) {
    conversations.push((await clients[0]!('POST /api/conversations', { body: { model: paidModel } })).id);
  }
  const sends = Array.from({ length: SENDS }, async (_, at) => {
    const params = { id: conversations[at % CONVERSATIONS]! };
    const body = { clientTurnId: crypto.randomUUID(), text: `Message ${at}` };
    const send = clients[at % clients.length]!;
    for (;;) {
      const code = await send('POST /api/conversations/:id/turns', { params, body }).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      );
      // A busy machine may have no connection free for so long; whoever is told so sends again.
      if (code !== 'database.unavailable') return code;
    }
  });
  const all = Promise.all(sends);
  const seen = await watched(user.id, all);
  const codes: Record<string, number> = {};
  for (const code of await all) codes[code] = (codes[code] ?? 0) + 1;
  return { codes, seen };
}

/** On a machine that stands still for the time of a lease a reply is cut short: what it had locked is free again then. */
async function endedEarly({ id }: TestUser): Promise<number> {
  const { rows } = await pool.query<{ ended: number }>(
    `select count(*)::int as ended from credit_hold where user_id = $1 and state <> 'active'`,
    [id],
  );
  return rows[0]!.ended;
}

test('with credits for ten messages, of a thousand parallel sends over two instances ten are accepted', async () => {
  const { codes, seen } = await sendMany(people[0]!);
  const accepted = 10 + (await endedEarly(people[0]!));
  expect(codes).toEqual({ accepted, 'credits.insufficient': SENDS - accepted });
  expect(seen.looks).toBeGreaterThan(2);
  expect(seen).toMatchObject({ lowest: 0, mostOpen: 10 });
});

test('with credits for all of them nobody ever has a sixteenth open turn', async () => {
  const { codes, seen } = await sendMany(people[1]!);
  const accepted = 15 + (await endedEarly(people[1]!));
  expect(codes).toEqual({ accepted, 'limits.open-turns': SENDS - accepted });
  expect(seen.mostOpen).toBeLessThanOrEqual(15);
});

test('when all have ended everybody has paid for what he got, and the books balance', async () => {
  finish();
  const held = () =>
    pool
      .query<{ held: string }>('select sum(held) as held from credit_account')
      .then(({ rows }) => Number(rows[0]!.held));
  await expect.poll(held).toBe(0);
  const left = people.map(async ({ id }) => {
    const { rows } = await pool.query<{ available: string }>(
      'select available from credit_account where user_id = $1',
      [id],
    );
    return Number(rows[0]!.available) / pricePerMessage;
  });
  expect(await Promise.all(left)).toEqual([0, 1_000 - 15]);
  expect(isOff(await checkBooks(pool))).toBe(false);
});

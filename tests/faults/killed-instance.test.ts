import { createHttpClient, createSocket, type HttpClient, type ParleySocket } from '@parley/sdk/client';
import { createMigratedDatabase, testSecret, type TestUser } from '@parley/core/testing';
import { startTestRedis } from '@parley/core/testing/services';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBooks, isOff } from '../../core/src/modules/credits/index.ts';
import { startBalancer } from '../support/parley/balancer.ts';
import { chargesOf } from '../support/parley/charges.ts';
import { countsUntil, isCounting } from '../support/parley/counting-reply.ts';
import { followTurn, type FollowedTurn } from '../support/parley/follow-turn.ts';
import { type OpenAiUpstream, says, startOpenAiUpstream } from '../support/parley/openai-upstream.ts';
import { openPool } from '../support/parley/open-pool.ts';
import { paidModel, preparePaidModel, pricePerMessage } from '../support/parley/paid-upstream.ts';
import { type ServedParley, serveParley } from '../support/parley/served-parley.ts';

const CLIENTS = 100;
/** These finish just before, during and just after the kill: each is charged or interrupted, but never both. */
const FINISH_IN_THAT_MOMENT = 20;
/** The lease of 20 s, a look for dead turns every 4 s, and time to come back. */
const SETTLED_WITHIN_MS = 35_000;
const MESSAGES_EACH = 3;

const undo = new AsyncDisposableStack();
let upstream: OpenAiUpstream;
let people: TestUser[];
let pool: Pool;
let killed: ServedParley;
let other: ServedParley;
let balancer: string;
let tabs: Tab[];

interface Tab {
  user: TestUser;
  conversationId: string;
  turnId: string;
  socket: ParleySocket;
  reply: FollowedTurn;
}

beforeAll(async () => {
  const redis = await startTestRedis();
  undo.defer(() => redis.stop());
  upstream = await startOpenAiUpstream();
  undo.defer(() => upstream.close());
  const databaseUrl = await createMigratedDatabase(undo);
  const messages = Array.from({ length: CLIENTS }, () => MESSAGES_EACH);
  people = await preparePaidModel({ databaseUrl, upstreamUrl: upstream.baseUrl, messages });
  pool = openPool(databaseUrl, undo);
  const environment = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, PARLEY_SECRET: testSecret };
  [killed, other] = await Promise.all([serveParley(environment, undo), serveParley(environment, undo)]);
  balancer = await startBalancer([killed.url, other.url], undo);
});
afterAll(() => undo.disposeAsync());

const as = (user: TestUser): HttpClient => createHttpClient({ baseUrl: other.url, headers: { cookie: user.cookie } });

/** Its reply is written by the instance that will be killed; it listens there, or to the other one. */
async function openTab(user: TestUser, listensTo: string): Promise<Tab> {
  const http = createHttpClient({ baseUrl: killed.url, headers: { cookie: user.cookie } });
  const { id } = await http('POST /api/conversations', { body: { model: paidModel } });
  const body = { clientTurnId: crypto.randomUUID(), text: 'Count' };
  const { turn } = await http('POST /api/conversations/:id/turns', { params: { id }, body });
  const socket = createSocket(listensTo, { extraHeaders: { cookie: user.cookie }, forceNew: true });
  undo.defer(() => void socket.disconnect());
  return { user, conversationId: id, turnId: turn.id, socket, reply: followTurn(socket, id, turn.id) };
}

async function storedReply({ user, conversationId }: Tab) {
  const { items } = await as(user)('GET /api/conversations/:id/messages', { params: { id: conversationId } });
  expect(items).toHaveLength(2);
  return items.at(-1)!;
}

test(`of ${CLIENTS} clients of an instance that is killed in mid-stream, all but one in a hundred see the end at the other within ${SETTLED_WITHIN_MS / 1_000} s`, async () => {
  const finish = Array.from({ length: FINISH_IN_THAT_MOMENT }, () => Promise.withResolvers<void>());
  const never = new Promise<void>(() => undefined);
  upstream.script(...people.map((_, at) => countsUntil(finish[at]?.promise ?? never, 200)));
  tabs = await Promise.all(people.map((user, at) => openTab(user, at % 2 === 0 ? balancer : other.url)));
  await expect.poll(() => tabs.filter(({ reply }) => reply.text() === '').length).toBe(0);

  for (const [at, { resolve }] of finish.entries()) setTimeout(resolve, 20 * at);
  const completed = () => tabs.filter(({ reply }) => reply.ending() === 'completed').length;
  await expect.poll(completed, { interval: 1 }).toBeGreaterThan(FINISH_IN_THAT_MOMENT / 4);
  killed.process.kill('SIGKILL');
  await killed.ended;
  const killedAt = performance.now();
  const waiting = () => tabs.filter(({ reply, socket }) => reply.ending() === null || !socket.connected).length;
  await expect.poll(waiting, { timeout: SETTLED_WITHIN_MS, interval: 50 }).toBeLessThanOrEqual(CLIENTS / 100);
  const seconds = (performance.now() - killedAt) / 1_000;
  process.stdout.write(
    `killed instance: ${CLIENTS - waiting()} of ${CLIENTS} saw the end after ${seconds.toFixed(1)} s\n`,
  );
  // The last one is late, but not lost.
  await expect.poll(waiting).toBe(0);
});

test('nobody has seen or has stored a doubled or a missing word, and what was seen is what is stored', async () => {
  for (const tab of tabs) {
    const { text, status } = await storedReply(tab);
    expect(tab.reply.fault()).toBeNull();
    expect(tab.reply.endings()).toHaveLength(1);
    expect(status).toBe(tab.reply.ending() === 'completed' ? 'done' : 'interrupted');
    expect(isCounting(text), text).toBe(true);
    expect(tab.reply.text()).toBe(text);
  }
  const interrupted = tabs.filter(({ reply }) => reply.ending() === 'interrupted');
  expect(interrupted.length).toBeGreaterThanOrEqual(CLIENTS - FINISH_IN_THAT_MOMENT);
});

test('a reply that was finished is charged once, one that was cut is charged nothing', async () => {
  const charges = new Map((await chargesOf(pool, ...people.map(({ id }) => id))).map((one) => [one.turnId, one]));
  expect(charges.size).toBe(CLIENTS);
  for (const { turnId, reply } of tabs) {
    const end = reply.ending() === 'completed' ? 'capture' : 'release';
    expect(charges.get(turnId)?.transfers).toEqual(['hold', end]);
  }
  const charged = tabs.filter(({ reply }) => reply.ending() === 'completed').length;
  process.stdout.write(`killed instance: ${charged} charged once, ${CLIENTS - charged} not at all\n`);
});

test('what was cut is written again in its place on the other instance, and charged once', async () => {
  const cut = tabs.filter(({ reply }) => reply.ending() === 'interrupted');
  upstream.script(...cut.map(() => says('Whole')));
  await Promise.all(
    cut.map(async (tab) => {
      const { id } = await storedReply(tab);
      const again = { params: { id }, body: { clientTurnId: crypto.randomUUID() } };
      expect((await as(tab.user)('POST /api/messages/:id/regenerate', again)).assistantMessage.id).toBe(id);
    }),
  );
  const unwritten = async () => {
    const replies = await Promise.all(cut.map(storedReply));
    return replies.filter(({ status, text }) => status !== 'done' || text !== 'Whole').length;
  };
  await expect.poll(unwritten, { interval: 500 }).toBe(0);
  const { rows } = await pool.query<{ available: number; held: number; people: number }>(
    `select available::float8 as available, held::float8 as held, count(*)::int as people
     from credit_account where user_id = any($1::uuid[]) group by available, held`,
    [people.map(({ id }) => id)],
  );
  expect(rows).toEqual([{ available: (MESSAGES_EACH - 1) * pricePerMessage, held: 0, people: CLIENTS }]);
  expect(isOff(await checkBooks(pool))).toBe(false);
});

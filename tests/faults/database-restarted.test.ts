import { createHttpClient, createSocket, type HttpClient, type ParleySocket } from '@parley/sdk/client';
import type { Conversation, TurnOpened } from '@parley/sdk/contract';
import { testSecret, type TestUser } from '@parley/core/testing';
import { type RestartablePostgres, startRestartablePostgres, startTestRedis } from '@parley/core/testing/services';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testSize } from '../../core/src/config/test-services.ts';
import { checkBooks, isOff } from '../../core/src/modules/credits/index.ts';
import { type ApiLoad, startApiLoad, tally } from '../support/parley/api-load.ts';
import { chargesOf } from '../support/parley/charges.ts';
import { countsUntil, isCounting } from '../support/parley/counting-reply.ts';
import { followTurn, type FollowedTurn } from '../support/parley/follow-turn.ts';
import { type OpenAiUpstream, says, startOpenAiUpstream } from '../support/parley/openai-upstream.ts';
import { openPool } from '../support/parley/open-pool.ts';
import { paidModel, preparePaidModel } from '../support/parley/paid-upstream.ts';
import { type ServedParley, serveParley } from '../support/parley/served-parley.ts';

const STREAMS = testSize('STREAMS', 20);
const AWAY_SECONDS = testSize('OUTAGE', 3);
const PER_SECOND = 2 * STREAMS;
const NORMAL_WITHIN_MS = 15_000;
/** By each, at once; five replies in one conversation may be open. */
const SENT_AGAIN = 4;

const undo = new AsyncDisposableStack();
let postgres: RestartablePostgres;
let upstream: OpenAiUpstream;
let people: TestUser[];
let instances: ServedParley[];
/** Turns that somebody was told of as they began. */
const begun = new Set<string>();

beforeAll(async () => {
  const redis = await startTestRedis();
  undo.defer(() => redis.stop());
  upstream = await startOpenAiUpstream();
  undo.defer(() => upstream.close());
  postgres = await startRestartablePostgres();
  undo.defer(() => postgres.stop());
  const databaseUrl = postgres.url;
  const messages = Array.from({ length: STREAMS }, () => 1_000);
  people = await preparePaidModel({ databaseUrl, upstreamUrl: upstream.baseUrl, messages });
  const environment = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, PARLEY_SECRET: testSecret };
  instances = await Promise.all([serveParley(environment, undo), serveParley(environment, undo)]);
});
afterAll(() => undo.disposeAsync());

const as = (user: TestUser, at = 0): HttpClient =>
  createHttpClient({ baseUrl: instances[at % 2]!.url, headers: { cookie: user.cookie } });

interface Tab {
  user: TestUser;
  conversationId: string;
  socket: ParleySocket;
  reply: FollowedTurn;
  /** For what he does meanwhile. */
  writes: Writes;
}

/** What one person was told is done, and what he has tried. */
interface Writes {
  conversationId: string;
  /** By the id it was sent under. */
  sent: Map<string, { text: string; turnId: string | null }>;
  made: string[];
  titles: Map<string, string>;
}

async function openTab(user: TestUser, at: number): Promise<Tab> {
  const http = as(user, at);
  const { id } = await http('POST /api/conversations', { body: { model: paidModel } });
  const body = { clientTurnId: crypto.randomUUID(), text: 'Count' };
  const { turn } = await http('POST /api/conversations/:id/turns', { params: { id }, body });
  begun.add(turn.id);
  const socket = createSocket(instances[(at >> 1) % 2]!.url, { extraHeaders: { cookie: user.cookie }, forceNew: true });
  undo.defer(() => void socket.disconnect());
  const { id: conversationId } = await http('POST /api/conversations', { body: { model: paidModel } });
  const writes: Writes = { conversationId, sent: new Map(), made: [], titles: new Map() };
  return { user, conversationId: id, socket, reply: followTurn(socket, id, turn.id), writes };
}

function startLoad(tabs: readonly Tab[]): ApiLoad {
  let title = 0;
  return startApiLoad({
    urls: instances.map(({ url }) => url),
    cookies: tabs.map(({ user }) => user.cookie),
    perSecond: PER_SECOND,
    asks: [
      () => ({ path: '/api/conversations?limit=20' }),
      (person) => {
        const { conversationId, sent } = tabs[person]!.writes;
        const [clientTurnId, text] = [crypto.randomUUID(), crypto.randomUUID()];
        sent.set(clientTurnId, { text, turnId: null });
        return {
          method: 'POST',
          path: `/api/conversations/${conversationId}/turns`,
          body: { clientTurnId, text },
          done(answer) {
            const { turn } = answer as TurnOpened;
            sent.set(clientTurnId, { text, turnId: turn.id });
            begun.add(turn.id);
          },
        };
      },
      (person) => ({ path: `/api/conversations/${tabs[person]!.conversationId}/messages` }),
      (person) => ({
        method: 'POST',
        path: '/api/conversations',
        body: { model: paidModel },
        done: (answer) => tabs[person]!.writes.made.push((answer as Conversation).id),
      }),
      () => ({ path: '/api/me' }),
      (person) => {
        const { made, titles } = tabs[person]!.writes;
        const id = made.at(-1);
        if (id === undefined || titles.has(id)) return { path: '/api/credits' };
        const body = { title: `Title ${++title}` };
        return {
          method: 'PATCH',
          path: `/api/conversations/${id}`,
          body,
          done: () => titles.set(id, body.title),
        };
      },
    ],
  });
}

test.each(['in-order', 'crash'] as const)(
  `PostgreSQL is away (%s) for ${AWAY_SECONDS} s under ${PER_SECOND} requests a second: people are told to wait, and all is normal again`,
  { timeout: 300_000 },
  async (how) => {
    const finished = Promise.withResolvers<void>();
    upstream.script(
      ...people.map(() => countsUntil(finished.promise, 250)),
      ...Array.from({ length: 20_000 }, () => says('Short')),
    );
    const tabs: Tab[] = [];
    for (const [at, user] of people.entries()) tabs.push(await openTab(user, at));
    await expect.poll(() => tabs.filter(({ reply }) => reply.text() === '').length).toBe(0);

    const load = startLoad(tabs);
    await expect.poll(() => load.answers.length).toBeGreaterThan(PER_SECOND);
    const lostAt = performance.now();
    await postgres.halt(how);
    await pause(Math.max(0, AWAY_SECONDS * 1_000 - (performance.now() - lostAt)));
    await postgres.start();
    const backAt = performance.now();
    await expect.poll(readiness, { timeout: NORMAL_WITHIN_MS, interval: 100 }).toEqual(['200 ok', '200 ok']);
    const readyAfterMs = performance.now() - backAt;
    // What is asked from here on shows that it stays so.
    const asked = load.answers.length;
    await expect.poll(() => load.answers.length - asked).toBeGreaterThan(2 * PER_SECOND);
    finished.resolve();
    await expect.poll(() => tabs.filter(({ reply }) => reply.ending() === null).length).toBe(0);
    await load.stop();

    const refused = load.answers.filter(({ status }) => status === 503);
    const normalAfterMs = Math.max(readyAfterMs, ...refused.map(({ at }) => at - backAt));
    const slowest = Math.max(...load.answers.map(({ ms }) => ms));
    process.stdout.write(
      `PostgreSQL ${how}: away for ${((backAt - lostAt) / 1_000).toFixed(1)} s, ${load.answers.length} requests, ` +
        `${refused.length} told to wait, slowest ${Math.round(slowest)} ms; normal after ${(normalAfterMs / 1_000).toFixed(1)} s\n`,
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ code, retryAfter }) => `${code} ${retryAfter}`))).toEqual(
      new Set(['database.unavailable 5']),
    );
    expect(Object.keys(tally(load.answers)).toSorted()).toEqual(['200', '201', '503 database.unavailable']);
    expect(normalAfterMs).toBeLessThan(NORMAL_WITHIN_MS);
    for (const instance of instances) {
      expect([instance.process.exitCode, instance.process.signalCode]).toEqual([null, null]);
      expect(instance.said()).not.toContain('A rejection was not handled');
    }
    for (const tab of tabs) {
      await expectWhole(tab);
      await expectKept(tab);
    }
    for (const { socket } of tabs) socket.disconnect();
  },
);

test('every reply is charged once, or not at all where it failed, and the books balance', async () => {
  const pool = openPool(postgres.url, undo);
  const open = () => pool.query(`select 1 from credit_hold where state = 'active'`).then(({ rowCount }) => rowCount);
  await expect.poll(open).toBe(0);
  const charges = await chargesOf(pool, ...people.map(({ id }) => id));
  const { rows } = await pool.query<{ id: string; state: string }>('select id, state from turn');
  expect(rows).toHaveLength(charges.length);
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const ends = charges.map(({ turnId, transfers }) => ({
    end: `${states.get(turnId)}: ${transfers.join()}`,
    isBegun: begun.has(turnId),
  }));
  // One whose prompt could not be read has failed, and costs nothing.
  const allowed = ['completed: hold,capture', 'failed: hold,release'];
  // The crash may come between an admission and the word of it: its sender is told to wait, and nobody writes the reply.
  const unheard = 'interrupted: hold,release';
  expect(ends.filter(({ end, isBegun }) => !allowed.includes(end) && (isBegun || end !== unheard))).toEqual([]);
  process.stdout.write(
    `PostgreSQL: ${ends.length} turns, ${rows.filter(({ state }) => state === 'failed').length} failed\n`,
  );
  expect(isOff(await checkBooks(pool))).toBe(false);
});

function readiness(): Promise<string[]> {
  return Promise.all(
    instances.map(async ({ url }) => {
      const answer = await fetch(`${url}/readyz`);
      return `${answer.status} ${((await answer.json()) as { state: string }).state}`;
    }),
  );
}

/** The reply that was being written all the time. */
async function expectWhole({ user, conversationId, reply }: Tab): Promise<void> {
  const { items } = await as(user)('GET /api/conversations/:id/messages', { params: { id: conversationId } });
  const stored = items.at(-1)!;
  expect([stored.status, reply.endings(), reply.fault()]).toEqual(['done', ['completed'], null]);
  expect(isCounting(stored.text), stored.text).toBe(true);
  expect(reply.text()).toBe(stored.text);
}

/** Whatever was confirmed is there once, also where that took a second attempt under the same id; nothing is there twice. */
async function expectKept({ user, writes }: Tab): Promise<void> {
  const http = as(user);
  const unconfirmed = [...writes.sent].filter(([, { turnId }]) => turnId === null);
  for (const [clientTurnId, { text }] of unconfirmed.slice(0, SENT_AGAIN)) {
    const body = { clientTurnId, text };
    const askedAt = Date.now();
    const { turn } = await http('POST /api/conversations/:id/turns', { params: { id: writes.conversationId }, body });
    // An older one had begun when the database went away, and nobody was told.
    if (Date.parse(turn.createdAt) >= askedAt) begun.add(turn.id);
    writes.sent.set(clientTurnId, { text, turnId: turn.id });
  }
  const stored: string[] = [];
  const turns = new Set<string | null>();
  for (let cursor: string | undefined; ;) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { before: cursor }) };
    const page = await http('GET /api/conversations/:id/messages', { params: { id: writes.conversationId }, query });
    for (const message of page.items) {
      if (message.role === 'user') stored.push(message.text);
      else turns.add(message.turnId);
    }
    cursor = page.items[0]?.id;
    if (page.items.length < 100) break;
  }
  const confirmed = [...writes.sent.values()].filter(({ turnId }) => turnId !== null);
  expect(confirmed.filter(({ text, turnId }) => !stored.includes(text) || !turns.has(turnId))).toEqual([]);
  expect(new Set(stored).size).toBe(stored.length);
  for (const id of writes.made) {
    const { title } = await http('GET /api/conversations/:id', { params: { id } });
    expect(title).toBe(writes.titles.get(id) ?? title);
  }
}

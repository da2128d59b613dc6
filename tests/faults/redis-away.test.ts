import { createHttpClient, createSocket, type HttpClient, type ParleySocket } from '@parley/sdk/client';
import { createMigratedDatabase, testSecret, type TestUser } from '@parley/core/testing';
import { type StartedService, startTestRedis } from '@parley/core/testing/services';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testSize } from '../../core/src/config/test-services.ts';
import { checkBooks, isOff } from '../../core/src/modules/credits/index.ts';
import { type ApiLoad, startApiLoad, tally } from '../support/parley/api-load.ts';
import { countsUntil, isCounting } from '../support/parley/counting-reply.ts';
import { followTurn, type FollowedTurn } from '../support/parley/follow-turn.ts';
import { type OpenAiUpstream, says, startOpenAiUpstream } from '../support/parley/openai-upstream.ts';
import { openPool } from '../support/parley/open-pool.ts';
import { paidModel, preparePaidModel } from '../support/parley/paid-upstream.ts';
import { type ServedParley, serveParley } from '../support/parley/served-parley.ts';

const STREAMS = testSize('STREAMS', 20);
const AWAY_SECONDS = testSize('OUTAGE', 5);
const PER_SECOND = 2 * STREAMS;
const NOTICED_WITHIN_MS = 10_000;
const METRICS_TOKEN = 'the-token-of-who-scrapes';

const undo = new AsyncDisposableStack();
let redis: StartedService;
let upstream: OpenAiUpstream;
let people: TestUser[];
let admin: TestUser;
let pool: Pool;
let instances: ServedParley[];

beforeAll(async () => {
  redis = await startTestRedis();
  undo.defer(() => redis.stop());
  upstream = await startOpenAiUpstream();
  undo.defer(() => upstream.close());
  const databaseUrl = await createMigratedDatabase(undo);
  const messages = Array.from({ length: STREAMS + 1 }, () => 1_000);
  [admin, ...people] = (await preparePaidModel({ databaseUrl, upstreamUrl: upstream.baseUrl, messages })) as [TestUser];
  pool = openPool(databaseUrl, undo);
  await pool.query(`update users set role = 'admin' where id = $1`, [admin.id]);
  const environment = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    PARLEY_SECRET: testSecret,
    PARLEY_METRICS_TOKEN: METRICS_TOKEN,
  };
  instances = await Promise.all([serveParley(environment, undo), serveParley(environment, undo)]);
});
afterAll(() => undo.disposeAsync());

const as = (user: TestUser, { url }: ServedParley): HttpClient =>
  createHttpClient({ baseUrl: url, headers: { cookie: user.cookie } });

interface Tab {
  conversationId: string;
  /** For what else he says meanwhile. */
  besides: string;
  user: TestUser;
  socket: ParleySocket;
  reply: FollowedTurn;
}

/** Every second one listens to another instance than that which writes its reply. */
async function openTab(user: TestUser, at: number): Promise<Tab> {
  const http = as(user, instances[at % 2]!);
  const { id } = await http('POST /api/conversations', { body: { model: paidModel } });
  const body = { clientTurnId: crypto.randomUUID(), text: 'Count' };
  const { turn } = await http('POST /api/conversations/:id/turns', { params: { id }, body });
  const socket = createSocket(instances[(at >> 1) % 2]!.url, { extraHeaders: { cookie: user.cookie }, forceNew: true });
  undo.defer(() => void socket.disconnect());
  const { id: besides } = await http('POST /api/conversations', { body: { model: paidModel } });
  return { conversationId: id, besides, user, socket, reply: followTurn(socket, id, turn.id) };
}

/** Everywhere an operator may look; what each place says of Redis. */
const places: Record<string, (instance: ServedParley) => Promise<boolean>> = {
  async readyz({ url }) {
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { state: string }).state === 'degraded';
  },
  async metrics({ url }) {
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    return /^parley_redis_state\{state="degraded"\} 1$/m.test(await answer.text());
  },
  overview: async (instance) => (await as(admin, instance)('GET /api/admin/overview')).degraded,
  limits: async (instance) => (await as(people[0]!, instance)('GET /api/limits')).degraded,
};

/** Until all places of all instances say so. */
async function secondsUntil(isDegraded: boolean): Promise<number> {
  const began = performance.now();
  const asked = instances.flatMap((instance) =>
    Object.entries(places).map(([name, place]) =>
      expect.poll(() => place(instance), { timeout: NOTICED_WITHIN_MS, interval: 250, message: name }).toBe(isDegraded),
    ),
  );
  await Promise.all(asked);
  return (performance.now() - began) / 1_000;
}

interface Outage {
  how: string;
  away(): Promise<void>;
  back(): Promise<void>;
}

const outages: Outage[] = [
  {
    how: 'stopped',
    away: () => redis.stop(),
    async back() {
      redis = await startTestRedis(undefined, Number(new URL(redis.url).port));
    },
  },
  {
    how: 'frozen',
    away: async () => void process.kill(redis.pid, 'SIGSTOP'),
    back: async () => void process.kill(redis.pid, 'SIGCONT'),
  },
];

test.each(outages)(
  `Redis is $how for ${AWAY_SECONDS} s under ${STREAMS} streams and ${PER_SECOND} requests a second: it is told, nothing fails, and all is normal again`,
  { timeout: 300_000 },
  async ({ how, away, back }) => {
    const [meanwhile, afterwards] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    upstream.script(
      ...people.map((_, at) => countsUntil(at % 3 === 0 ? meanwhile.promise : afterwards.promise, 250)),
      ...Array.from({ length: 10_000 }, () => says('Short')),
    );
    const tabs: Tab[] = [];
    for (const [at, user] of people.entries()) tabs.push(await openTab(user, at));
    const heard = tabs.map(({ socket }) => {
      const told: boolean[] = [];
      socket.on('limits:degraded', ({ degraded }) => void told.push(degraded));
      return told;
    });
    await expect.poll(() => tabs.filter(({ reply }) => reply.text() === '').length).toBe(0);
    await secondsUntil(false);

    const load = startLoad(tabs);
    await expect.poll(() => load.answers.length).toBeGreaterThan(PER_SECOND);
    const lostAt = performance.now();
    await away();
    const toldAfter = await secondsUntil(true);
    meanwhile.resolve();
    await pause(Math.max(0, AWAY_SECONDS * 1_000 - (performance.now() - lostAt)));
    const endedMeanwhile = () => tabs.filter(({ reply }) => reply.ending() !== null).length;
    await expect.poll(endedMeanwhile).toBe(Math.ceil(STREAMS / 3));
    await back();
    const normalAfter = await secondsUntil(false);
    afterwards.resolve();
    await expect.poll(() => tabs.filter(({ reply }) => reply.ending() === null).length).toBe(0);
    await load.stop();
    const seconds = (performance.now() - lostAt) / 1_000;

    const failed = load.answers.filter(({ status }) => status >= 500 || status === 0);
    const slowest = Math.max(...load.answers.map(({ ms }) => ms));
    process.stdout.write(
      `Redis ${how}: ${load.answers.length} requests (${(load.answers.length / seconds).toFixed(0)}/s), ${((100 * failed.length) / load.answers.length).toFixed(2)} % failed, ` +
        `slowest ${Math.round(slowest)} ms; told after ${toldAfter.toFixed(1)} s, normal after ${normalAfter.toFixed(1)} s; ` +
        `replies that ended meanwhile: ${Math.ceil(STREAMS / 3)}\n`,
    );
    expect(failed.length / load.answers.length, JSON.stringify(tally(load.answers))).toBeLessThan(0.01);
    for (const told of heard) expect([told[0], told.at(-1)], told.join()).toEqual([true, false]);
    await expectWhole(tabs);
    for (const instance of instances) {
      expect([instance.process.exitCode, instance.process.signalCode]).toEqual([null, null]);
      expect(instance.said()).toContain('Limits are counted by each instance for itself');
      expect(instance.said()).not.toContain('A rejection was not handled');
    }
    for (const { socket } of tabs) socket.disconnect();
  },
);

test('and the books balance', async () => {
  const open = () => pool.query(`select 1 from credit_hold where state = 'active'`).then(({ rowCount }) => rowCount);
  await expect.poll(open).toBe(0);
  expect(isOff(await checkBooks(pool))).toBe(false);
});

function startLoad(tabs: readonly Tab[]): ApiLoad {
  const conversation = (person: number) => `/api/conversations/${tabs[person]!.besides}`;
  return startApiLoad({
    urls: instances.map(({ url }) => url),
    cookies: tabs.map(({ user }) => user.cookie),
    perSecond: PER_SECOND,
    asks: [
      () => ({ path: '/api/me' }),
      () => ({ path: '/api/conversations?limit=20' }),
      (person) => ({ path: `${conversation(person)}/messages` }),
      () => ({ path: '/api/models' }),
      () => ({ path: '/api/limits' }),
      (person) => ({ method: 'PATCH', path: conversation(person), body: { title: `Title ${person}` } }),
      () => ({ path: '/api/credits' }),
      (person) => ({
        method: 'POST',
        path: `${conversation(person)}/turns`,
        body: { clientTurnId: crypto.randomUUID(), text: 'Short' },
      }),
    ],
  });
}

/** Everybody has seen all of his reply, as it is stored. */
async function expectWhole(tabs: readonly Tab[]): Promise<void> {
  for (const { user, conversationId, reply } of tabs) {
    const { items } = await as(user, instances[0]!)('GET /api/conversations/:id/messages', {
      params: { id: conversationId },
    });
    const stored = items.at(-1)!;
    expect([stored.status, reply.endings(), reply.fault()]).toEqual(['done', ['completed'], null]);
    expect(isCounting(stored.text), stored.text).toBe(true);
    expect(reply.text()).toBe(stored.text);
  }
}

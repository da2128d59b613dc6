import { createHttpClient, createSocket, type ParleySocket } from '@parley/sdk/client';
import { createMigratedDatabase, createTestApp, type TestUser } from '@parley/core/testing';
import { startTestRedis } from '@parley/core/testing/services';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBalancer } from '../support/parley/balancer.ts';
import { countsUntil, isCounting } from '../support/parley/counting-reply.ts';
import { followTurn, type FollowedTurn } from '../support/parley/follow-turn.ts';
import { startOpenAiUpstream, type OpenAiUpstream } from '../support/parley/openai-upstream.ts';
import { serveParley } from '../support/parley/served-parley.ts';
import { offerUpstreamModel } from '../support/parley/upstream-model.ts';

const clients = 32;
const undo = new AsyncDisposableStack();
let upstream: OpenAiUpstream;
let users: TestUser[];
let databaseUrl: string;
let environment: Record<string, string>;

beforeAll(async () => {
  const redis = await startTestRedis();
  undo.defer(() => redis.stop());
  upstream = await startOpenAiUpstream();
  undo.defer(() => upstream.close());
  databaseUrl = await createMigratedDatabase(undo);
  const secret = 'a secret that both instances have';
  users = await prepare(secret);
  environment = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, PARLEY_SECRET: secret };
});
afterAll(() => undo.disposeAsync());

async function prepare(secret: string): Promise<TestUser[]> {
  const app = await createTestApp({ databaseUrl, config: { secret } });
  await offerUpstreamModel(app, upstream.baseUrl);
  const made = await Promise.all(Array.from({ length: clients }, () => app.users.create()));
  await app.stop();
  return made;
}

interface Tab {
  conversationId: string;
  cookie: string;
  socket: ParleySocket;
  reply: FollowedTurn;
}

async function openTab(user: TestUser, sendsTo: string, listensTo: string): Promise<Tab> {
  const http = createHttpClient({ baseUrl: sendsTo, headers: { cookie: user.cookie } });
  const { id } = await http('POST /api/conversations', { body: { model: 'upstream/model-a' } });
  const body = { clientTurnId: crypto.randomUUID(), text: 'Count' };
  const { turn } = await http('POST /api/conversations/:id/turns', { params: { id }, body });
  const socket = createSocket(listensTo, { extraHeaders: { cookie: user.cookie }, forceNew: true });
  undo.defer(() => void socket.disconnect());
  return { conversationId: id, cookie: user.cookie, socket, reply: followTurn(socket, id, turn.id) };
}

async function openTurns(): Promise<number> {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    const { rows } = await database.query(
      `select count(*)::int as open from turn where state in ('queued', 'running')`,
    );
    return (rows[0] as { open: number }).open;
  } finally {
    await database.end();
  }
}

test(
  'an instance that is told to stop finishes what it can, hands over the rest, and its clients go on at another',
  { timeout: 600_000 },
  async () => {
    const [one, two] = await Promise.all([
      serveParley({ ...environment, PARLEY_DRAIN_SECONDS: '30' }, undo),
      serveParley(environment, undo),
    ]);
    const balancer = await startBalancer([one.url, two.url], undo);
    const soon = Promise.withResolvers<void>();
    const never = new Promise<void>(() => undefined);
    upstream.script(...users.map((_, index) => countsUntil(index % 2 === 0 ? soon.promise : never)));
    const tabs = await Promise.all(users.map((user) => openTab(user, one.url, balancer)));
    await expect.poll(() => tabs.filter(({ reply }) => reply.text() !== '').length).toBe(clients);
    const firstIds = tabs.map(({ socket }) => socket.id);

    one.process.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${one.url}/readyz`)).status, { interval: 20 }).toBe(503);
    soon.resolve();
    const [tab] = tabs as [Tab];
    const refused = await fetch(`${one.url}/api/conversations/${tab.conversationId}/turns`, {
      method: 'POST',
      headers: { cookie: tab.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ clientTurnId: crypto.randomUUID(), text: 'More' }),
    });
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const newcomer = await fetch(`${one.url}/socket.io/?EIO=4&transport=polling`);
    expect([newcomer.status, newcomer.headers.get('retry-after')]).toEqual([503, '1']);
    // The rest of the product answers as long as replies are being written.
    expect((await fetch(`${one.url}/api/me`, { headers: { cookie: tab.cookie } })).status).toBe(200);

    // Everybody moves while half of the replies go on: they are followed from the other instance.
    await expect
      .poll(() => tabs.every(({ socket }, index) => socket.connected && socket.id !== firstIds[index]))
      .toBe(true);
    expect(await one.ended).toEqual([0, null]);
    expect(await openTurns()).toBe(0);

    await expect.poll(() => tabs.filter(({ reply }) => reply.ending() === null).length).toBe(0);
    const states: Record<string, number> = {};
    for (const { reply, cookie, conversationId } of tabs) {
      const http = createHttpClient({ baseUrl: two.url, headers: { cookie } });
      const { items } = await http('GET /api/conversations/:id/messages', { params: { id: conversationId } });
      expect(items).toHaveLength(2);
      const stored = items.at(-1)!;
      expect(reply.fault()).toBeNull();
      expect(reply.endings()).toHaveLength(1);
      expect(isCounting(stored.text), stored.text).toBe(true);
      expect(reply.text()).toBe(stored.text);
      const seen = `${reply.ending()} ${stored.status}`;
      states[seen] = (states[seen] ?? 0) + 1;
    }
    expect(states).toEqual({ 'completed done': clients / 2, 'interrupted interrupted': clients / 2 });
    expect(tabs.every(({ socket }) => socket.connected)).toBe(true);
  },
);

test('whoever tells it twice does not wait for replies', async () => {
  const parley = await serveParley({ ...environment, PARLEY_DRAIN_SECONDS: '600' }, undo);
  upstream.script(countsUntil(new Promise(() => undefined)));
  const tab = await openTab(users[0]!, parley.url, parley.url);
  await expect.poll(() => tab.reply.text()).not.toBe('');
  parley.process.kill('SIGTERM');
  await expect.poll(async () => (await fetch(`${parley.url}/readyz`)).status).toBe(503);
  // Two signals in one moment count as one, as they reach a process group.
  await expect.poll(() => parley.process.kill('SIGTERM'), { interval: 500 }).toBe(false);
  expect(await parley.ended).toEqual([1, null]);
});

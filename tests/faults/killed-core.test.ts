import { createHttpClient, createSocket, type HttpClient } from '@parley/sdk/client';
import { createMigratedDatabase, createTestApp, type TestUser } from '@parley/core/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { followTurn, type FollowedTurn } from '../support/parley/follow-turn.ts';
import { type KillableParley, killableParley } from '../support/parley/killable-parley.ts';
import {
  type Answer,
  chunk,
  openStream,
  startOpenAiUpstream,
  type OpenAiUpstream,
} from '../support/parley/openai-upstream.ts';
import { offerUpstreamModel } from '../support/parley/upstream-model.ts';

const rounds = 20;
const streams = 20;
const words = 120;

await using undo = new AsyncDisposableStack();
let upstream: OpenAiUpstream;
let parley: KillableParley;
let users: TestUser[];
const undoLater = undo.move();

/** A numbered word every 25 ms: what was kept can be told from what was lost. */
const counts: Answer = (response) => {
  openStream(response);
  let next = 0;
  const timer = setInterval(() => {
    response.write(chunk({ content: `${next} ` }));
    next += 1;
    if (next === words) response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
    if (next === words) clearInterval(timer);
  }, 25);
  response.on('close', () => clearInterval(timer));
};
const isCounting = (text: string) =>
  text
    .split(' ')
    .slice(0, -1)
    .every((word, index) => Number(word) === index);

interface Sender {
  http: HttpClient;
  acknowledged: { conversationId: string; text: string; turnId: string }[];
}

/** Waits until some of one of the replies is stored. */
async function checkpointed(senders: Sender[]): Promise<void> {
  const storedBy = async ({ http, acknowledged }: Sender) => {
    const params = { id: acknowledged.at(-1)!.conversationId };
    return (await http('GET /api/conversations/:id/messages', { params })).items.at(-1)?.text;
  };
  // All are asked in one go, so that nobody goes on asking a core that is being killed.
  await expect.poll(async () => (await Promise.all(senders.map(storedBy))).join(''), { interval: 100 }).not.toBe('');
}

beforeAll(async () => {
  upstream = await startOpenAiUpstream();
  undoLater.defer(() => upstream.close());
  const databaseUrl = await createMigratedDatabase(undoLater);
  parley = await killableParley(databaseUrl);
  undoLater.defer(() => parley.stop());
  users = await prepare(databaseUrl);
});
afterAll(() => undoLater.disposeAsync());

/** The people and the model, made by a Parley that is stopped again before the first kill. */
async function prepare(databaseUrl: string): Promise<TestUser[]> {
  const app = await createTestApp({ databaseUrl });
  await offerUpstreamModel(app, upstream.baseUrl);
  const made = await Promise.all(Array.from({ length: streams }, () => app.users.create()));
  await app.stop();
  return made;
}

test(
  `${rounds} kills during ${streams} replies lose no message that was acknowledged and leave no turn open`,
  { timeout: 900_000 },
  async () => {
    const clients = users.map((user): Sender & { user: TestUser } => ({
      user,
      http: createHttpClient({ baseUrl: parley.url, headers: { cookie: user.cookie } }),
      acknowledged: [],
    }));
    const tabs: FollowedTurn[] = [];
    upstream.script(...Array.from({ length: rounds * streams * 3 }, () => counts));
    await parley.start();
    const sockets = clients.map(({ user }) => {
      const socket = createSocket(parley.url, {
        extraHeaders: { cookie: user.cookie },
        forceNew: true,
        reconnectionDelayMax: 500,
      });
      undoLater.defer(() => void socket.disconnect());
      return socket;
    });

    for (let round = 0; round < rounds; round += 1) {
      const sending = clients.map(async ({ http, acknowledged }, index) => {
        const { id } = await http('POST /api/conversations', { body: { model: 'upstream/model-a' } });
        const text = `round ${round} of ${index}`;
        const body = { clientTurnId: crypto.randomUUID(), text };
        const { turn } = await http('POST /api/conversations/:id/turns', { params: { id }, body });
        acknowledged.push({ conversationId: id, text, turnId: turn.id });
        if (index === 0) tabs.push(followTurn(sockets[index]!, id, turn.id));
      });
      if (round === 0) {
        // Once, whatever the machine is busy with, there is something to be kept.
        await Promise.allSettled(sending);
        await checkpointed(clients);
      } else {
        // The kill may come before, during and after the answers: who got none has nothing that could be lost.
        await Promise.all([Promise.allSettled(sending), pause(200 + Math.random() * 3_000)].slice(round % 2));
      }
      await parley.kill();
      await Promise.allSettled(sending);
      await parley.start();
    }

    const all = clients.flatMap(({ http, acknowledged }) => acknowledged.map((one) => ({ http, ...one })));
    expect(all.length).toBeGreaterThan(streams);
    // Leases of killed processes run out within half a minute.
    await expect
      .poll(async () => (await Promise.all(clients.map(({ http }) => http('GET /api/turns')))).flat().length, {
        timeout: 60_000,
        interval: 500,
      })
      .toBe(0);

    let kept = 0;
    for (const { http, conversationId, text } of all) {
      const { items } = await http('GET /api/conversations/:id/messages', { params: { id: conversationId } });
      expect(items.filter((message) => message.role === 'user').map((message) => message.text)).toEqual([text]);
      const reply = items.at(-1)!;
      expect(reply.role).toBe('assistant');
      expect(['done', 'interrupted']).toContain(reply.status);
      expect(isCounting(reply.text), reply.text).toBe(true);
      if (reply.status === 'interrupted' && reply.text !== '') kept += 1;
    }
    expect(kept).toBeGreaterThan(0);

    await expect.poll(() => tabs.filter((tab) => tab.ending() === null).length, { timeout: 30_000 }).toBe(0);
    for (const tab of tabs) {
      expect(tab.fault()).toBeNull();
      expect(isCounting(tab.text()), tab.text()).toBe(true);
    }
  },
);

test('a reply that was interrupted is written again in its place', async () => {
  const [user] = users as [TestUser];
  const http = createHttpClient({ baseUrl: parley.url, headers: { cookie: user.cookie } });
  const { items: conversations } = await http('GET /api/conversations', { query: { limit: 100 } });
  for (const { id } of conversations) {
    const { items } = await http('GET /api/conversations/:id/messages', { params: { id } });
    const reply = items.at(-1);
    // A kill between a conversation and its first message leaves it empty.
    if (reply?.status !== 'interrupted') continue;
    const again = await http('POST /api/messages/:id/regenerate', {
      params: { id: reply.id },
      body: { clientTurnId: crypto.randomUUID() },
    });
    expect(again.assistantMessage.id).toBe(reply.id);
    await expect
      .poll(async () => (await http('GET /api/conversations/:id/messages', { params: { id } })).items.at(-1)?.status, {
        timeout: 30_000,
      })
      .toBe('done');
    return;
  }
  expect.unreachable('no reply was interrupted');
});

import { randomUUID } from 'node:crypto';
import type { TurnFrame } from '@parley/sdk/contract';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createRedisEventLog } from '../../ports/event-log/index.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { testRedisUrl } from '../../testing/services/index.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';
import { Viewer } from './testing/viewer.ts';

const undo = new AsyncDisposableStack();
const prefix = `test:${randomUUID()}:`;
let databaseUrl: string;
let one: ChatKit;
let two: ChatKit;
const viewers = { one: new Set<Viewer>(), two: new Set<Viewer>() };

async function instance(name: 'one' | 'two'): Promise<ChatKit> {
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: 1 });
  const subscriber = redis.duplicate({ maxRetriesPerRequest: null });
  await Promise.all([redis.ping(), subscriber.ping()]);
  const instanceId = randomUUID();
  const eventLog = createRedisEventLog<TurnFrame>({
    redis,
    subscriber,
    prefix,
    instanceId,
    report(error) {
      throw error;
    },
  });
  const kit = await createChatKit({
    databaseUrl,
    eventLog,
    instanceId,
    times: { checkpointMs: 100 },
    onFrame: (room, frame) => viewers[name].forEach((viewer) => viewer.hearRoom(room, frame)),
  });
  undo.defer(async () => {
    await kit.stop();
    await eventLog.close();
    redis.disconnect();
    subscriber.disconnect();
  });
  return kit;
}

beforeAll(async () => {
  databaseUrl = await createMigratedDatabase(undo);
  [one, two] = await Promise.all([instance('one'), instance('two')]);
});
afterAll(() => undo.disposeAsync());

async function startReply(text: string, writer = one) {
  const at = await writer.newConversation();
  const opened = await writer.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Go',
  });
  const call = await writer.provider.nextCall();
  call.text(text);
  return { ...at, ...opened, call };
}

test('a tab on the other instance sees the reply from its beginning to its end', async () => {
  const reply = await startReply('From one, ');
  const tab = new Viewer('tab', reply.userId);
  viewers.two.add(tab);
  await tab.joinConversation(two, reply.conversationId);
  await eventually(() => tab.turn(reply.turn.id).text).toBe('From one, ');
  reply.call.text('seen on two.');
  reply.call.finish();
  await eventually(() => tab.turn(reply.turn.id)).toMatchObject({ text: 'From one, seen on two.', state: 'completed' });
  expect(tab.rooms.size).toBe(1);
});

test('a tab that moves between instances in mid-reply misses nothing and sees nothing twice', async () => {
  const reply = await startReply('0 ');
  const tab = new Viewer('wanderer', reply.userId);
  let said = '0 ';
  for (let round = 1; round <= 12; round++) {
    const [from, to] = round % 2 === 0 ? ([viewers.one, viewers.two] as const) : ([viewers.two, viewers.one] as const);
    from.delete(tab);
    tab.rooms.clear();
    to.add(tab);
    const joining = tab.joinConversation(round % 2 === 0 ? two : one, reply.conversationId);
    for (let word = 0; word < 5; word++) {
      said += `${round}.${word} `;
      reply.call.text(`${round}.${word} `);
      await new Promise((resolve) => setTimeout(resolve, word * 3));
    }
    await joining;
  }
  reply.call.finish();
  await eventually(() => tab.turn(reply.turn.id)).toMatchObject({ text: said, state: 'completed' });
  expect(tab.turn(reply.turn.id).text).toBe(said);
});

test.each([
  ['the instance it runs on', () => one],
  ['the other instance', () => two],
])('a stop asked of %s ends the turn within 200 ms', async (_, askedOf) => {
  const timeToStop = async () => {
    const reply = await startReply('Running on one');
    const asked = performance.now();
    const stopped = askedOf().chat.service.stop(reply.userId, reply.turn.id);
    await reply.call.whenAborted;
    const ms = performance.now() - asked;
    expect(await stopped).toMatchObject({ state: 'stopped' });
    return ms;
  };
  // The machine may hold up one of them; whatever waits for a timer of ours holds up all.
  await eventually(timeToStop).toBeLessThan(200);
});

test('what was shown after the last checkpoint survives the process in the log', async () => {
  const reply = await startReply('Saved. ');
  await eventually(
    async () => (await one.conversations.messages.get(reply.userId, reply.assistantMessage.id)).text,
  ).toBe('Saved. ');
  reply.call.text('Only shown.');
  const tab = new Viewer('tab', reply.userId);
  viewers.two.add(tab);
  await tab.joinConversation(two, reply.conversationId);
  await eventually(() => tab.turn(reply.turn.id).text).toBe('Saved. Only shown.');
  one.chat.crash();
  // A heartbeat or a checkpoint of the dying process may still be on its way; then the next look finds the turn.
  await eventually(async () => {
    await two.database.pool.query(`update turn set lease_until = now() - interval '1 second' where id = $1`, [
      reply.turn.id,
    ]);
    await two.chat.sweeps[0]!.run(new AbortController().signal);
    return (await two.chat.service.get(reply.userId, reply.turn.id)).state;
  }).toBe('interrupted');
  const stored = await two.conversations.messages.get(reply.userId, reply.assistantMessage.id);
  expect(stored).toMatchObject({ text: 'Saved. Only shown.', status: 'interrupted' });
  expect(tab.turn(reply.turn.id)).toMatchObject({ text: 'Saved. Only shown.', state: 'interrupted' });
});

test('an end that was written down but never told reaches those who watch elsewhere', async () => {
  const dies = await instance('one');
  const reply = await startReply('Told in part. ', dies);
  const stays = new Viewer('stays', reply.userId);
  viewers.two.add(stays);
  await stays.joinConversation(two, reply.conversationId);
  await eventually(() => stays.turn(reply.turn.id).text).toBe('Told in part. ');
  const returns = new Viewer('returns', reply.userId);
  returns.turn(reply.turn.id).seq = stays.turn(reply.turn.id).seq;
  // As if it died right after the commit.
  dies.chat.crash();
  await two.database.pool.query(
    `with ended as (update turn set state = 'completed', seq = 99, finished_at = now() where id = $1 returning message_id)
     update message set text = 'Told in part. And whole.', status = 'done' from ended where id = ended.message_id`,
    [reply.turn.id],
  );
  const whole = { text: 'Told in part. And whole.', state: 'completed', seq: 99 };
  await returns.joinConversation(two, reply.conversationId);
  expect(returns.turn(reply.turn.id)).toMatchObject(whole);
  await eventually(() => stays.turn(reply.turn.id)).toMatchObject(whole);
  const closed = () => two.heard.filter(({ event, isLocal }) => event === 'turn:closed' && isLocal);
  // The message is read again first.
  await eventually(() => closed().length).toBe(1);
  expect(closed()).toMatchObject([{ room: `user:${reply.userId}`, payload: { turn: { id: reply.turn.id } } }]);
});

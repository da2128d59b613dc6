import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../observability/logger.ts';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';

const undo = new AsyncDisposableStack();
let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = await createMigratedDatabase(undo);
});
afterAll(() => undo.disposeAsync());

async function startReply(kit: ChatKit, text: string) {
  const at = await kit.newConversation();
  const opened = await kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text: 'Go' });
  const call = await kit.provider.nextCall();
  call.text(text);
  return { ...at, ...opened, call };
}
const checkpointed = (kit: ChatKit, userId: string, messageId: string, text: string) =>
  eventually(async () => (await kit.conversations.messages.get(userId, messageId)).text).toBe(text);

test('after a crash the next process closes the turns at once, with the text of the last checkpoint', async () => {
  const before = await createChatKit({ databaseUrl, times: { checkpointMs: 100 } });
  const lost = await startReply(before, 'Saved text.');
  await checkpointed(before, lost.userId, lost.assistantMessage.id, 'Saved text.');
  before.chat.crash();
  lost.call.text(' Unsaved.');

  const after = await createChatKit({ databaseUrl, isSoleInstance: true });
  await expect(after.chat.service.get(lost.userId, lost.turn.id)).resolves.toMatchObject({ state: 'interrupted' });
  const page = await after.conversations.messages.page(lost.userId, lost.conversationId, { limit: 40 });
  expect(page.items).toMatchObject([
    { text: 'Go', status: 'done' },
    { text: 'Saved text.', status: 'interrupted' },
  ]);
  expect(after.frames(lost.turn.id).at(-1)!.events.at(-1)!.type).toBe('interrupted');
  expect(after.heard.find(({ event }) => event === 'turn:closed')).toMatchObject({ room: `user:${lost.userId}` });

  const again = await after.chat.service.regenerate(lost.userId, lost.assistantMessage.id, {
    clientTurnId: randomUUID(),
  });
  expect(again.assistantMessage.id).toBe(lost.assistantMessage.id);
  const call = await after.provider.nextCall();
  call.text('A new one');
  call.finish();
  await after.over(lost.userId, again.turn.id);
  await before.database.close();
  await after.stop();
});

test('with several instances a turn is taken over only when its lease is over, and then by one', async () => {
  const dead = await createChatKit({ databaseUrl });
  const lost = await startReply(dead, 'Some');
  dead.chat.crash();
  const [one, two] = await Promise.all([createChatKit({ databaseUrl }), createChatKit({ databaseUrl })]);
  const reap = () => Promise.all([one, two].map((kit) => kit.chat.sweeps[0]!.run(new AbortController().signal)));
  const endLeaseIn = (seconds: number) =>
    one.database.pool.query(`update turn set lease_until = now() + make_interval(secs => $2) where id = $1`, [
      lost.turn.id,
      seconds,
    ]);
  await endLeaseIn(600);
  await reap();
  await expect(one.chat.service.get(lost.userId, lost.turn.id)).resolves.toMatchObject({ finishedAt: null });
  // Something of the dead one's may still hold the turn; then the next look finds it.
  await eventually(async () => {
    await endLeaseIn(-1);
    await reap();
    return (await one.chat.service.get(lost.userId, lost.turn.id)).state;
  }).toBe('interrupted');
  expect([...one.frames(lost.turn.id), ...two.frames(lost.turn.id)]).toHaveLength(1);
  await dead.database.close();
  await Promise.all([one.stop(), two.stop()]);
});

test('a process that slept through its lease finds that the turn is not its own any more', async () => {
  const slow = await createChatKit({ databaseUrl, times: { heartbeatMs: 100 } });
  const other = await createChatKit({ databaseUrl });
  const lost = await startReply(slow, 'Some');
  // A heartbeat may come between the two; then it sleeps once more.
  await eventually(async () => {
    await other.database.pool.query(`update turn set lease_until = now() - interval '1 second' where id = $1`, [
      lost.turn.id,
    ]);
    await other.chat.sweeps[0]!.run(new AbortController().signal);
    return (await other.chat.service.get(lost.userId, lost.turn.id)).state;
  }).toBe('interrupted');
  await lost.call.whenAborted;
  await eventually(() => slow.chat.openTurns()).toBe(0);
  await expect(slow.chat.service.get(lost.userId, lost.turn.id)).resolves.toMatchObject({ state: 'interrupted' });
  await Promise.all([slow.stop(), other.stop()]);
});

test('a stop in order waits for turns that end soon, and takes no new ones', async () => {
  const kit = await createChatKit({ databaseUrl });
  const running = await startReply(kit, 'Almost ');
  const stopping = kit.chat.stop(60_000);
  await expect(
    kit.chat.service.send(running.userId, running.conversationId, { clientTurnId: randomUUID(), text: 'One more' }),
  ).rejects.toMatchObject({ code: 'chat.stopping', status: 503 });
  running.call.text('done');
  running.call.finish();
  await stopping;
  await expect(kit.chat.service.get(running.userId, running.turn.id)).resolves.toMatchObject({ state: 'completed' });
  await kit.database.close();
});

test('a stop in order waits for what follows a turn, and asks no model for a title any more', async () => {
  const logged: string[] = [];
  const log = createLogger({ level: 'error', destination: { write: (line) => void logged.push(line) } });
  const kit = await createChatKit({ databaseUrl, log });
  kit.settings.modelTitles = true;
  const running = await startReply(kit, 'Done');
  running.call.finish();
  const title = await kit.provider.nextCall();
  title.text('A ti');
  await kit.chat.stop(50);
  expect(title.isAborted).toBe(true);
  await kit.database.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(logged).toEqual([]);
});

test('turns that outlast the stop are handed over as interrupted, with all of their text', async () => {
  const kit = await createChatKit({ databaseUrl });
  const running = await startReply(kit, 'As far as it came');
  await kit.chat.stop(50);
  await running.call.whenAborted;
  const reply = await kit.conversations.messages.get(running.userId, running.assistantMessage.id);
  expect(reply).toMatchObject({ text: 'As far as it came', status: 'interrupted' });
  await kit.database.close();
});

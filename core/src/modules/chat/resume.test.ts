import { randomUUID } from 'node:crypto';
import { text as readAll } from 'node:stream/consumers';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { createChatKit, type ChatKit } from './testing/chat-kit.ts';
import { Viewer } from './testing/viewer.ts';

const undo = new AsyncDisposableStack();
let kit: ChatKit;
const viewers = new Set<Viewer>();

beforeAll(async () => {
  kit = await createChatKit({
    databaseUrl: await createMigratedDatabase(undo),
    onFrame: (room, frame) => viewers.forEach((viewer) => viewer.hearRoom(room, frame)),
  });
  undo.defer(() => kit.stop());
});
afterAll(() => undo.disposeAsync());

const breath = () => new Promise((resolve) => setImmediate(resolve));

test('viewers that come and go at any moment see every event once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          {
            weight: 4,
            arbitrary: fc.string({ minLength: 1, maxLength: 6 }).map((text) => ({ type: 'text' as const, text })),
          },
          fc.record({ type: fc.constantFrom('join' as const, 'drop' as const), viewer: fc.nat(2) }),
          fc.constant({ type: 'breathe' as const }),
        ),
        { maxLength: 60 },
      ),
      async (steps) => {
        viewers.clear();
        const at = await kit.newConversation();
        const three = [0, 1, 2].map((index) => new Viewer(`viewer ${index}`, at.userId));
        three.forEach((viewer) => viewers.add(viewer));
        const { turn } = await kit.chat.service.send(at.userId, at.conversationId, {
          clientTurnId: randomUUID(),
          text: 'Go',
        });
        const call = await kit.provider.nextCall();
        const joining: Promise<void>[] = [];
        let said = '';
        for (const step of steps) {
          if (step.type === 'text') {
            said += step.text;
            call.text(step.text);
          } else if (step.type === 'breathe') await breath();
          else if (step.type === 'drop') three[step.viewer]!.rooms.clear();
          else joining.push(three[step.viewer]!.joinConversation(kit, at.conversationId));
        }
        await Promise.all(joining);
        call.finish();
        await kit.over(at.userId, turn.id);
        for (const viewer of three) {
          await viewer.joinConversation(kit, at.conversationId);
          const seen = viewer.turn(turn.id);
          if (seen.seq === 0) continue;
          expect(seen).toMatchObject({ text: said, state: 'completed' });
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('a viewer who knows nothing gets the whole text so far, then what follows', async () => {
  viewers.clear();
  const at = await kit.newConversation();
  const { turn } = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Go',
  });
  const call = await kit.provider.nextCall();
  call.text('The beginning. ');
  const late = new Viewer('late', at.userId);
  viewers.add(late);
  await late.joinConversation(kit, at.conversationId);
  expect(late.turn(turn.id).text).toBe('The beginning. ');
  call.text('The end.');
  call.finish();
  await kit.over(at.userId, turn.id);
  expect(late.turn(turn.id)).toMatchObject({ text: 'The beginning. The end.', state: 'completed' });
});

test("a stranger cannot join somebody's conversation", async () => {
  const at = await kit.newConversation();
  const stranger = new Viewer('stranger', randomUUID());
  await expect(stranger.joinConversation(kit, at.conversationId)).rejects.toMatchObject({
    code: 'conversation.not-found',
  });
  expect(stranger.rooms.size).toBe(0);
});

/** What `GET /api/turns/:id/events` answers with. */
async function eventStream(userId: string, turnId: string, afterSeq?: number, signal = new AbortController().signal) {
  const route = kit.chat.routes.find(({ name }) => name === 'GET /api/turns/:id/events')!;
  const ctx = { set: () => undefined, get: () => '', type: '', body: null as unknown };
  await route.handle({
    caller: { userId, role: 'user' },
    params: { id: turnId },
    query: { afterSeq },
    body: undefined,
    signal,
    ctx,
  } as unknown as Parameters<typeof route.handle>[0]);
  return ctx.body as NodeJS.ReadableStream;
}
const idsOf = (stream: string) => [...stream.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

test('API clients follow a turn and resume after any event', async () => {
  const at = await kit.newConversation();
  const { turn } = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Go',
  });
  const call = await kit.provider.nextCall();
  const live = readAll(await eventStream(at.userId, turn.id, 0));
  for (const text of ['One ', 'two ', 'three']) {
    call.text(text);
    // Heard before the next is said: so the words travel in frames of their own.
    await eventually(() => JSON.stringify(kit.frames(turn.id))).toContain(text);
  }
  call.finish();
  const all = await live;
  const last = idsOf(all).at(-1)!;
  expect(idsOf(all)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(all).toContain('"type":"completed"');
  for (let after = 0; after < last; after++) {
    const rest = await readAll(await eventStream(at.userId, turn.id, after));
    expect(all.endsWith(rest)).toBe(true);
    expect(idsOf(rest)[0]).toBe(after + 1);
  }
  await expect(eventStream(randomUUID(), turn.id)).rejects.toMatchObject({ code: 'turn.not-found' });
});

test('a client that goes away closes its stream', async () => {
  const at = await kit.newConversation();
  const { turn } = await kit.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Go',
  });
  const gone = new AbortController();
  const stream = await eventStream(at.userId, turn.id, undefined, gone.signal);
  gone.abort();
  await eventually(() => (stream as unknown as { destroyed: boolean }).destroyed).toBe(true);
  expect(kit.chat.openTurns()).toBeGreaterThan(0);
});

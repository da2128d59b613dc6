import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import Koa, { type Context } from 'koa';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { closeServer, listen } from '../../http/listen.ts';
import { eventually } from '../../testing/eventually.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import { withAdmissionLock } from '../chat/admission.ts';
import { type ChatKit, createChatKit } from '../chat/testing/chat-kit.ts';
import { answerStreaming } from './answer-streaming.ts';
import { answerWhole } from './answer-whole.ts';
import { Heartbeat } from './heartbeat.ts';

const CREDIT = 1_000_000;
const undo = new AsyncDisposableStack();
const heartbeat = new Heartbeat();
const watch = vi.spyOn(heartbeat, 'watch');
let kit: ChatKit;
let port: number;
/** The answers that are being made, oldest first. */
let answers: { ctx: Context; made: Promise<unknown> }[] = [];

beforeAll(async () => {
  kit = await createChatKit({ databaseUrl: await createMigratedDatabase(undo) });
  undo.defer(() => kit.stop());
  undo.defer(() => heartbeat.stop());
  const free = { per1kInput: 0, per1kOutput: 0, per1kReasoning: null, per1kCachedInput: null };
  const price = { model: kit.model.publicId, perMessage: CREDIT, perImage: 0, perVideoSecond: 0, ...free };
  await kit.credits.prices.set(price, randomUUID(), async () => {});
  const handle = new Koa().use(serve).callback();
  const server = createServer((request, response) => void handle(request, response));
  port = await listen(server, '127.0.0.1', 0);
  undo.defer(() => closeServer(server, 0));
});
beforeEach(() => {
  answers = [];
  watch.mockClear();
  kit.provider.answerWith(null);
});
afterAll(() => undo.disposeAsync());

function serve(ctx: Context): Promise<unknown> {
  const [, how, userId] = ctx.path.split('/');
  const made = how === 'nothing' ? once(ctx.res, 'close') : answer(ctx, how === 'streaming', userId!);
  answers.push({ ctx, made: made.catch((error: unknown) => error) });
  return made;
}

function answer(ctx: Context, isStreaming: boolean, userId: string): Promise<void> {
  const messages = [{ role: 'user' as const, content: 'Hello' }];
  const input = { userId, model: null, request: { messages, parameters: {}, stream: isStreaming } };
  const headOf = (id: string, model: string) => ({ id, created: 0, model });
  const options = { headOf, makeCallId: () => 'call_1', includeUsage: true, heartbeat };
  const to = isStreaming ? answerStreaming : answerWhole;
  return to(ctx, kit.chat.complete, input, options);
}

async function rich(): Promise<string> {
  const { userId } = await kit.newConversation();
  const gift = { kind: 'grant' as const, amount: BigInt(10 * CREDIT), reason: 'test', actorId: null };
  await kit.credits.transfers.book({ userId, ...gift, idempotencyKey: randomUUID() });
  return userId;
}

/** One connection that asks for all of these at once. */
function ask(...paths: string[]): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: parley\r\n\r\n`).join(''));
  return socket;
}

async function leave(socket: Socket): Promise<void> {
  socket.destroy();
  await eventually(() => answers.every(({ ctx }) => ctx.res.destroyed)).toBe(true);
}

async function outcome(userId: string) {
  await Promise.all(answers.map(({ made }) => made));
  const { rows: turns } = await kit.database.pool.query<{ id: string }>('select id from turn where user_id = $1', [
    userId,
  ]);
  const states = await Promise.all(turns.map(async ({ id }) => (await kit.over(userId, id)).state));
  const { rows } = await kit.database.pool.query<{ available: string; held: string }>(
    'select available, held from credit_account where user_id = $1',
    [userId],
  );
  return { states, funds: rows.map(({ available, held }) => [Number(available), Number(held)]) };
}
const stoppedForNothing = { states: ['stopped'], funds: [[10 * CREDIT, 0]] };

describe.each(['streaming', 'whole'])('of an answer that is %s', (how) => {
  describe.each([
    ['alone on its connection', []],
    ['behind another on its connection', ['/nothing']],
  ])('%s', (_place, before) => {
    test('the client leaves before the first part: the turn is stopped, nothing is kept alive for it', async () => {
      const userId = await rich();
      const client = ask(...before, `/${how}/${userId}`);
      const call = await kit.provider.nextCall();
      await leave(client);
      await call.whenAborted;
      expect(await outcome(userId)).toEqual(stoppedForNothing);
      expect(watch).not.toHaveBeenCalled();
    });

    test('the client leaves while it waits to be admitted: nothing is generated, nothing is charged', async () => {
      const userId = await rich();
      // A model that is asked answers, though not in the same moment.
      kit.provider.answerWith((call) => setImmediate(() => (call.text('For nobody'), call.finish())));
      await withAdmissionLock(kit.database.pool, [userId], async () => {
        const waiting = `select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`;
        const socket = ask(...before, `/${how}/${userId}`);
        await eventually(async () => (await kit.database.pool.query(waiting)).rowCount).toBe(1);
        await leave(socket);
      });
      expect(await outcome(userId)).toEqual(stoppedForNothing);
      expect(watch).not.toHaveBeenCalled();
    });
  });
});

import { randomUUID } from 'node:crypto';
import type { Receipt } from '@parley/sdk/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../testing/eventually.ts';
import type { FakeCall } from '../../testing/fake-provider.ts';
import { createMigratedDatabase } from '../../testing/migrated-database.ts';
import type { Moderation } from '../moderation/index.ts';
import { type ChatKit, createChatKit } from './testing/chat-kit.ts';

/** The table of what is charged how, line by line; on a real database, with a provider that the test plays. */
const undo = new AsyncDisposableStack();
const moderation: Partial<Moderation> = {};
let databaseUrl: string;
let kit: ChatKit;
const admin = randomUUID();
const CREDIT = 1_000_000;

beforeAll(async () => {
  databaseUrl = await createMigratedDatabase(undo);
  kit = await createChatKit({ databaseUrl, moderation: byTest });
  undo.defer(() => kit.stop());
});
afterAll(() => undo.disposeAsync());
beforeEach(() => {
  for (const key of Object.keys(moderation)) delete moderation[key as keyof Moderation];
});

/** Gates that let everything pass unless a test says otherwise. */
const byTest: Partial<Moderation> = {
  checkInput: (text, subject) =>
    moderation.checkInput?.(text, subject) ?? Promise.resolve({ text, steps: [], flaggedBy: null, blockedBy: null }),
  outputGate: () => moderation.outputGate?.() ?? null,
};

async function setPrice(price: { perMessage?: number; per1kInput?: number; per1kOutput?: number }): Promise<void> {
  // A version begins after the one before it.
  kit.clock.advance(1);
  await kit.credits.prices.set(
    {
      model: kit.model.publicId,
      perMessage: 0,
      per1kInput: 0,
      per1kOutput: 0,
      per1kReasoning: null,
      per1kCachedInput: null,
      perImage: 0,
      perVideoSecond: 0,
      ...price,
    },
    admin,
    async () => {},
  );
}
const metered = () => setPrice({ per1kInput: CREDIT, per1kOutput: 2 * CREDIT });
const flat = () => setPrice({ perMessage: CREDIT });

async function rich(amount = 1_000 * CREDIT): Promise<{ userId: string; conversationId: string }> {
  const at = await kit.newConversation();
  await kit.credits.transfers.book({
    userId: at.userId,
    kind: 'grant',
    amount: BigInt(amount),
    reason: 'test',
    actorId: null,
    idempotencyKey: randomUUID(),
  });
  return at;
}
type Place = Awaited<ReturnType<typeof rich>>;
const send = (at: Place, text = 'Hello') =>
  kit.chat.service.send(at.userId, at.conversationId, { clientTurnId: randomUUID(), text });

async function receiptOf(at: Place, messageId: string): Promise<Receipt> {
  const { receipt } = await kit.conversations.messages.get(at.userId, messageId);
  expect(receipt).not.toBeNull();
  return receipt!;
}

/** Plays one turn to its end; what it has cost, and what is left and locked. */
async function play(at: Place, provider: (call: FakeCall, turnId: string) => unknown) {
  const opened = await send(at);
  expect(opened.assistantMessage.receipt).toMatchObject({ state: 'held', charged: 0 });
  await provider(await kit.provider.nextCall(), opened.turn.id);
  const { state } = await kit.over(at.userId, opened.turn.id);
  const receipt = await receiptOf(at, opened.assistantMessage.id);
  return { state, receipt, funds: await funds(at), opened };
}
async function funds(at: Place) {
  const { rows } = await kit.database.pool.query<{ available: string; held: string }>(
    'select available, held from credit_account where user_id = $1',
    [at.userId],
  );
  return { available: Number(rows[0]!.available), held: Number(rows[0]!.held) };
}
const nothingCharged = { state: 'released', charged: 0 };
const untouched = { available: 1_000 * CREDIT, held: 0 };
const all = 1_000 * CREDIT;

test('blocked by an input gate: full release', async () => {
  await flat();
  const at = await rich();
  moderation.checkInput = async (text) => ({
    text,
    steps: [],
    flaggedBy: null,
    blockedBy: { plugin: 'parley.wordlist', rule: 'no' },
  });
  const { turn, assistantMessage } = await send(at);
  await kit.over(at.userId, turn.id);
  expect(await receiptOf(at, assistantMessage.id)).toMatchObject(nothingCharged);
  expect(await funds(at)).toEqual(untouched);
});

test('provider error before any content: full release', async () => {
  await metered();
  const at = await rich();
  const { receipt, state } = await play(at, (call) => call.fail('server'));
  expect(state).toBe('failed');
  expect(receipt).toMatchObject(nothingCharged);
  expect(await funds(at)).toEqual(untouched);
});

test('crash: full release', async () => {
  await flat();
  const at = await rich();
  const other = await createChatKit({ databaseUrl, isSoleInstance: false });
  await other.credits.prices.list();
  const opened = await other.chat.service.send(at.userId, at.conversationId, {
    clientTurnId: randomUUID(),
    text: 'Hello',
  });
  (await other.provider.nextCall()).text('half a re');
  expect(await funds(at)).toEqual({ available: all - CREDIT, held: CREDIT });
  other.chat.crash();
  // A heartbeat of the dying process may still be on its way; then the next look finds the turn.
  await eventually(async () => {
    await kit.database.pool.query(`update turn set lease_until = now() - interval '1 second' where id = $1`, [
      opened.turn.id,
    ]);
    await kit.chat.sweeps[0]!.run(new AbortController().signal);
    return (await kit.chat.service.get(at.userId, opened.turn.id)).state;
  }).toBe('interrupted');
  expect(await receiptOf(at, opened.assistantMessage.id)).toMatchObject(nothingCharged);
  expect(await funds(at)).toEqual(untouched);
  await other.stop();
});

test('cut by an output gate before content: full release', async () => {
  await flat();
  const at = await rich();
  moderation.outputGate = () =>
    ({
      check: async () => ({ text: '', steps: [], flaggedBy: null, blockedBy: { plugin: 'parley.gate', rule: 'no' } }),
    }) as unknown as ReturnType<Moderation['outputGate']>;
  const { turn, assistantMessage } = await send(at);
  const call = await kit.provider.nextCall();
  call.text('something bad');
  call.finish();
  await kit.over(at.userId, turn.id);
  expect(await receiptOf(at, assistantMessage.id)).toMatchObject(nothingCharged);
  expect(await funds(at)).toEqual(untouched);
});

test('completed: actual usage', async () => {
  await metered();
  const at = await rich();
  const { receipt, funds: left } = await play(at, (call) => {
    call.text('Hi there');
    call.finish({ usage: { input: 100, output: 50 } });
  });
  expect(receipt).toMatchObject({ state: 'charged', charged: 200_000, countedBy: 'provider' });
  expect(receipt.held).toBe(receipt.charged + receipt.released);
  expect(left).toEqual({ available: all - 200_000, held: 0 });
});

test('completed at a flat price: in full', async () => {
  await flat();
  const at = await rich();
  const { receipt } = await play(at, (call) => {
    call.text('Hi');
    call.finish({ usage: { input: 9_000, output: 1 } });
  });
  expect(receipt).toMatchObject({ state: 'charged', held: CREDIT, charged: CREDIT, released: 0 });
});

test('stopped by the user after content: input and delivered output', async () => {
  await metered();
  const at = await rich();
  const { receipt, state } = await play(at, async (call, turnId) => {
    call.text('one two three four');
    await eventually(() => kit.frames(turnId).length).toBeGreaterThan(0);
    await kit.chat.service.stop(at.userId, turnId);
  });
  expect(state).toBe('stopped');
  expect(receipt).toMatchObject({ state: 'charged', countedBy: 'us' });
  // Four words out at 2 credits a thousand, a word or two in.
  expect(receipt.charged).toBeGreaterThan(4 * 2_000 - 1);
  expect(receipt.charged).toBeLessThan(30_000);
});

test('stopped by the user before content: full release', async () => {
  await flat();
  const at = await rich();
  const { receipt } = await play(at, (_, turnId) => kit.chat.service.stop(at.userId, turnId));
  expect(receipt).toMatchObject(nothingCharged);
  expect(await funds(at)).toEqual(untouched);
});

test('the client never came back, after content: input and delivered output', async () => {
  await flat();
  const at = await rich();
  const ended = Promise.withResolvers<Receipt | null>();
  const parts: unknown[] = [];
  const completion = await kit.chat.complete(
    {
      userId: at.userId,
      model: null,
      request: { messages: [{ role: 'user', content: 'Hi' }], parameters: {}, stream: true },
    },
    { onPart: (part) => void parts.push(part), onEnd: (end) => ended.resolve(end.receipt) },
  );
  expect(completion.held).toBe(CREDIT);
  (await kit.provider.nextCall()).text('Hello');
  await eventually(() => parts.length).toBeGreaterThan(0);
  completion.stop();
  expect(await ended.promise).toMatchObject({ state: 'charged', charged: CREDIT });
});

test('provider failed after some content: full release, text kept and marked', async () => {
  await metered();
  const at = await rich();
  const { receipt, opened } = await play(at, (call) => {
    call.text('Half of it');
    call.fail('server', { usage: { input: 10, output: 10 } });
  });
  expect(receipt).toMatchObject(nothingCharged);
  expect(await funds(at)).toEqual(untouched);
  expect(await kit.conversations.messages.get(at.userId, opened.assistantMessage.id)).toMatchObject({
    status: 'failed',
    text: 'Half of it',
  });
});

test('usage missing from the provider: counted by us, and so marked', async () => {
  await metered();
  const at = await rich();
  const { receipt } = await play(at, (call) => {
    call.text('one two three');
    call.finish({ usage: null });
  });
  expect(receipt).toMatchObject({ state: 'charged', countedBy: 'us' });
  expect(receipt.charged).toBeLessThan(30_000);
});

test.each([
  ['negative', { isDoubtful: true }],
  ['more output than anybody has seen', { input: 10, output: 90_000 }],
  ['more input than was sent', { input: 2_000_000, output: 3 }],
  ['endless reasoning', { input: 10, output: 99_000_000, reasoning: 98_999_990 }],
])('%s: refused, counted by us, and the provider flagged', async (_, usage) => {
  await metered();
  const at = await rich();
  const doubts = kit.provider.doubts.length;
  const { receipt, opened } = await play(at, (call) => {
    call.text('one two three');
    call.finish({ usage });
  });
  expect(receipt).toMatchObject({ state: 'charged', countedBy: 'us' });
  expect(receipt.charged).toBeLessThan(30_000);
  expect(kit.provider.doubts).toHaveLength(doubts + 1);
  const { rows } = await kit.database.pool.query<{ trace: { steps: { note: string }[] } }>(
    'select trace from turn where id = $1',
    [opened.turn.id],
  );
  expect(rows[0]!.trace.steps.map(({ note }) => note).join()).toContain('counted by Parley');
});

test('a charge never exceeds its hold', async () => {
  await setPrice({ per1kOutput: 1_000 * CREDIT });
  const at = await rich(10_000 * CREDIT);
  const long = 'word '.repeat(20_000);
  const { receipt } = await play(at, (call) => {
    call.text(long);
    call.finish({ usage: { input: 5, output: 20_000 } });
  });
  expect(receipt).toMatchObject({ charged: receipt.held, released: 0 });
});

test('whoever cannot pay is refused before anything is written, and told what is missing', async () => {
  await flat();
  const at = await rich(CREDIT - 1);
  await expect(send(at)).rejects.toMatchObject({
    code: 'credits.insufficient',
    status: 402,
    data: { needed: CREDIT, left: CREDIT - 1 },
  });
  const { total } = await kit.conversations.messages.page(at.userId, at.conversationId, { limit: 10 });
  expect(total).toBe(0);
  const usage = await kit.database.pool.query('select 1 from usage_day where user_id = $1', [at.userId]);
  expect(usage.rowCount).toBe(0);
});

test('the price that held when a turn was admitted is the one it is charged by', async () => {
  await flat();
  const at = await rich();
  const { receipt } = await play(at, async (call) => {
    await setPrice({ perMessage: 700 * CREDIT });
    call.text('Hi');
    call.finish();
  });
  expect(receipt.charged).toBe(CREDIT);
});

test('a free model locks nothing and leaves no receipt, but counts as usage', async () => {
  await setPrice({});
  const at = await kit.newConversation();
  const { turn, assistantMessage } = await send(at);
  const call = await kit.provider.nextCall();
  call.text('Hi');
  call.finish({ usage: { input: 7, output: 5 } });
  await kit.over(at.userId, turn.id);
  expect((await kit.conversations.messages.get(at.userId, assistantMessage.id)).receipt).toBeNull();
  const { rows } = await kit.database.pool.query(
    'select requests, input_tokens::int, output_tokens::int, charged::int from usage_day where user_id = $1',
    [at.userId],
  );
  expect(rows).toEqual([{ requests: 1, input_tokens: 7, output_tokens: 5, charged: 0 }]);
});

test('a person hears of his balance as it moves, and once when it has fallen below what he named', async () => {
  await setPrice({ perMessage: 40 * CREDIT });
  const at = await rich(100 * CREDIT);
  await kit.database.pool.query('update credit_account set low_balance_at = $2 where user_id = $1', [
    at.userId,
    50 * CREDIT,
  ]);
  const heard = (event: string) =>
    kit.heard.filter((one) => one.event === event && one.room === `user:${at.userId}`).map(({ payload }) => payload);
  const reply = (call: FakeCall) => {
    call.text('Hi');
    call.finish();
  };
  await play(at, reply);
  expect(heard('credits:changed')).toEqual(
    expect.arrayContaining([
      { available: 60 * CREDIT, held: 40 * CREDIT },
      { available: 60 * CREDIT, held: 0 },
    ]),
  );
  expect(heard('credits:low')).toEqual([]);
  await play(at, reply);
  expect(heard('credits:low')).toEqual([{ available: 20 * CREDIT }]);
});

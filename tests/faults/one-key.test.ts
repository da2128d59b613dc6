import { createHttpClient, type HttpClient } from '@parley/sdk/client';
import type { TestUser } from '@parley/core/testing';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkBooks, isOff } from '../../core/src/modules/credits/index.ts';
import { chargesOf } from '../support/parley/charges.ts';
import { holds, type OpenAiUpstream } from '../support/parley/openai-upstream.ts';
import { type PaidPair, startPaidPair } from '../support/parley/paid-pair.ts';
import { paidModel, pricePerMessage } from '../support/parley/paid-upstream.ts';

const SENDS = 100;
const undo = new AsyncDisposableStack();
let upstream: OpenAiUpstream;
let instances: PaidPair['instances'];
let pool: Pool;
let chatter: TestUser;
let programmer: TestUser;

beforeAll(async () => {
  const pair = await startPaidPair([10, 10], undo);
  ({ instances, upstream, pool } = pair);
  [chatter, programmer] = pair.people as [TestUser, TestUser];
});
afterAll(() => undo.disposeAsync());

/** What `send` answers when asked so many times at once, of both instances in turn. */
function many<T>(send: (url: string) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: SENDS }, (_, at) => send(instances[at % instances.length]!.url)));
}
const as = (user: TestUser, url: string): HttpClient =>
  createHttpClient({ baseUrl: url, headers: { cookie: user.cookie } });

test('a hundred parallel sends with one id are one turn and one charge, and the others are answered with that turn', async () => {
  const held = holds('Only ');
  upstream.script(held.answer);
  const { id } = await as(chatter, instances[0].url)('POST /api/conversations', { body: { model: paidModel } });
  const body = { clientTurnId: crypto.randomUUID(), text: 'Once' };
  const send = (url: string, what = body) =>
    as(chatter, url)('POST /api/conversations/:id/turns', { params: { id }, body: what });

  const opened = await many(send);
  const [{ turn, userMessage, assistantMessage }] = opened as [(typeof opened)[0]];
  for (const one of opened) {
    expect([one.turn.id, one.userMessage?.id, one.assistantMessage.id]).toEqual([
      turn.id,
      userMessage?.id,
      assistantMessage.id,
    ]);
  }
  await expect.poll(() => upstream.bodies().length).toBe(1);
  held.release('once');
  const read = () => as(chatter, instances[1].url)('GET /api/conversations/:id/messages', { params: { id } });
  await expect.poll(async () => (await read()).items.at(-1)?.status).toBe('done');
  expect((await read()).items.map(({ text }) => text)).toEqual(['Once', 'Only once']);

  // Asked for again when all is over, it is still the same.
  for (const again of await many(send)) {
    expect(again).toMatchObject({ turn: { id: turn.id, state: 'completed' }, assistantMessage: { text: 'Only once' } });
  }
  const codes = await many((url) => send(url, { ...body, text: 'Another' }).catch(({ problem }) => problem));
  expect(new Set(codes.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(['422 turn.id-reused']));
  expect(upstream.bodies()).toHaveLength(1);
  expect(await chargesOf(pool, chatter.id)).toEqual([{ turnId: turn.id, transfers: ['hold', 'capture'] }]);
});

test.each([false, true])(
  'a hundred parallel requests to /v1 with one key are one turn and one charge, and all get its answer (stream: %s)',
  async (stream) => {
    const chargedBefore = await chargesOf(pool, programmer.id);
    const askedBefore = upstream.bodies().length;
    const held = holds('Only ');
    upstream.script(held.answer);
    const { key } = await as(programmer, instances[0].url)('POST /api/me/api-keys', {
      body: { name: 'test', scopes: ['chat'] },
    });
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    };
    const ask = async (url: string, content = 'Once') => {
      const body = JSON.stringify({ model: paidModel, stream, messages: [{ role: 'user', content }] });
      const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
      return { status: answer.status, text: await answer.text() };
    };

    const asked = many(ask);
    await expect.poll(() => upstream.bodies().length).toBe(askedBefore + 1);
    held.release('once');
    const answers = await asked;
    // Once more when it is over.
    answers.push(...(await many(ask)));
    const seen = new Set(answers.map(({ status, text }) => `${status} ${stream ? streamed(text) : whole(text)}`));
    const charges = (await chargesOf(pool, programmer.id)).slice(chargedBefore.length);
    expect(charges).toMatchObject([{ transfers: ['hold', 'capture'] }]);
    expect([...seen]).toEqual([`200 chatcmpl-${charges[0]!.turnId.replaceAll('-', '')} Only once`]);

    const others = await many((url) => ask(url, 'Another'));
    for (const { status, text } of others) {
      expect([status, JSON.parse(text)]).toMatchObject([422, { error: { code: 'idempotency_key_reused' } }]);
    }
    expect(upstream.bodies()).toHaveLength(askedBefore + 1);
  },
);

test('everybody has paid for what he got, and the books balance', async () => {
  const { rows } = await pool.query<{ available: number; held: number }>(
    'select available::float8 as available, held::float8 as held from credit_account where user_id = any($1) order by available desc',
    [[chatter.id, programmer.id]],
  );
  expect(rows).toEqual([
    { available: 9 * pricePerMessage, held: 0 },
    { available: 8 * pricePerMessage, held: 0 },
  ]);
  expect(isOff(await checkBooks(pool))).toBe(false);
});

function whole(text: string): string {
  const { id, choices } = JSON.parse(text) as { id: string; choices: { message: { content: string } }[] };
  return `${id} ${choices[0]?.message.content}`;
}

function streamed(text: string): string {
  const chunks = text
    .split('\n\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as { id: string; choices: { delta: { content?: string } }[] });
  expect(text).toContain('data: [DONE]');
  return `${chunks[0]?.id} ${chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')}`;
}

import { randomUUID } from 'node:crypto';
import { ApiError, emitWithAck } from '@parley/sdk/client';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { says } from '../support/parley/openai-upstream.ts';
import { type ParleyWithUpstream, startParleyWithUpstream } from '../support/parley/parley-with-upstream.ts';

let parley: ParleyWithUpstream;
let user: Awaited<ReturnType<ParleyWithUpstream['users']['create']>>;
let conversationId: string;
let client: OpenAI;
beforeAll(async () => {
  parley = await startParleyWithUpstream();
});
beforeEach(async () => {
  user = await parley.users.create({ timeZone: 'Asia/Kathmandu' });
  conversationId = (await parley.http(user)('POST /api/conversations', { body: { model: parley.model } })).id;
  client = new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: await parley.users.createApiKey(user) });
});
afterAll(() => parley.stop());

async function limit(fields: { requestsPerMinute?: number; requestsPerDay?: number; tokensPerDay?: number }) {
  const admin = await parley.users.createAdmin();
  const body = { fields, reason: 'A test of it' };
  await parley.http(admin)('POST /api/admin/users/:id/limit-overrides', { params: { id: user.id }, body });
  await expect
    .poll(
      async () => (await parley.http(admin)('GET /api/admin/users/:id/limits', { params: { id: user.id } })).effective,
    )
    .toMatchObject(fields);
}
/** In the web, as its raw answer. */
async function send() {
  const response = await fetch(`${parley.url}/api/conversations/${conversationId}/turns`, {
    method: 'POST',
    headers: { cookie: user.cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ clientTurnId: randomUUID(), text: 'Hello' }),
  });
  return { status: response.status, headers: response.headers, problem: (await response.json()) as { code?: string } };
}
async function sendAndHear(): Promise<void> {
  parley.upstream.script(says('Hel', 'lo'));
  expect(await send()).toMatchObject({ status: 201 });
  await expect.poll(async () => (await parley.http(user)('GET /api/turns')).length).toBe(0);
}
const complete = () =>
  client.chat.completions.create({ model: parley.model, messages: [{ role: 'user', content: 'Hello' }] });
async function refusalOf(call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const refused = await call.catch((error: unknown) => error);
  if (!(refused instanceof OpenAI.APIError)) throw new Error('it was not refused', { cause: refused });
  return refused;
}
const untilMidnight = {
  retryAfter: expect.any(Number),
  data: { timeZone: 'Asia/Kathmandu', resetAt: expect.any(String) },
};

test('the requests of a day are counted over web and API together, and the refusal says until when', async () => {
  await limit({ requestsPerDay: 2 });
  await sendAndHear();
  parley.upstream.script(says('Hello'));
  await complete();
  const { status, headers, problem } = await send();
  expect([status, problem]).toMatchObject([429, { code: 'limits.requests-per-day', ...untilMidnight }]);
  expect(headers.get('ratelimit-limit')).toBe('2');
  expect(headers.get('ratelimit-remaining')).toBe('0');
  expect(headers.get('ratelimit-reset')).toBe(headers.get('retry-after'));
  // A client that tries again by itself would wait until tomorrow; it is told not to.
  const refused = await refusalOf(complete());
  expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
  expect(refused.headers?.get('x-should-retry')).toBe('false');
  expect(refused.headers?.get('x-ratelimit-limit-requests')).toBe('2');
  expect(refused.headers?.get('x-ratelimit-reset-requests')).toMatch(/^(\d+h\d+m|\d+m)?\d+s$/);
  expect(await parley.http(user)('GET /api/limits')).toMatchObject({
    requestsPerDay: { limit: 2, used: 2, remaining: 0 },
  });
});

test('a day whose tokens are spent takes no more, by socket as well', async () => {
  await limit({ tokensPerDay: 10 });
  await sendAndHear();
  expect(await parley.http(user)('GET /api/limits')).toMatchObject({ tokensPerDay: { limit: 10, remaining: 0 } });
  const asked = emitWithAck(await parley.socket(user), 'chat:send', {
    conversationId,
    clientTurnId: randomUUID(),
    text: 'More',
  });
  const refused: unknown = await asked.catch((error: unknown) => error);
  if (!(refused instanceof ApiError)) throw new Error('it was not refused', { cause: refused });
  expect(refused.problem).toMatchObject({ status: 429, code: 'limits.tokens-per-day', ...untilMidnight });
  expect((await refusalOf(complete())).headers?.get('x-ratelimit-limit-tokens')).toBe('10');
});

test('the requests of a minute are counted over web and API together', async () => {
  await limit({ requestsPerMinute: 1 });
  await sendAndHear();
  const { status, headers, problem } = await send();
  expect([status, problem]).toMatchObject([429, { code: 'limits.requests-per-minute', data: { limit: 1 } }]);
  expect(headers.get('ratelimit-limit')).toBe('1');
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  const impatient = client
    .withOptions({ maxRetries: 0 })
    .chat.completions.create({ model: parley.model, messages: [] });
  expect((await refusalOf(impatient)).headers?.get('x-ratelimit-remaining-requests')).toBe('0');
});

test('a model that does not belong to the tier is neither listed nor answers', async () => {
  const admin = await parley.users.createAdmin();
  const listed = async () => (await client.models.list()).data.map(({ id }) => id);
  expect(await listed()).toContain(parley.model);
  const body = { fields: { allowedModels: ['demo/*'] }, reason: 'A test of it' };
  await parley.http(admin)('POST /api/admin/users/:id/limit-overrides', { params: { id: user.id }, body });
  await expect.poll(listed).not.toContain(parley.model);
  expect(await send()).toMatchObject({ status: 403, problem: { code: 'limits.model-not-allowed' } });
  expect(await refusalOf(complete())).toMatchObject({ status: 403, code: 'model_not_allowed' });
});

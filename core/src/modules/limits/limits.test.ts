import { maxMessageChars } from '@parley/sdk/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inTransaction } from '../../ports/database/transaction.ts';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import type { TestUser } from '../../testing/factories/users.ts';
import { localDay, nextMidnight } from '../../lib/local-day.ts';
import { quotaRefused } from './quota-refused.ts';
import { recordQuota, takeQuota } from './testing/count-quota.ts';

let parley: TestApp;
beforeAll(async () => {
  parley = await createTestApp({ withoutPlugins: true });
});
afterAll(() => parley.stop());

const limitsOf = (user: TestUser) => parley.http(user)('GET /api/limits');

describe('what may be sent now', () => {
  test('is told limit by limit, with what is used and when there is more again', async () => {
    const { limits, accounts } = parley.app.modules;
    await accounts.tiers.change('free', { requestsPerMinute: 3, requestsPerDay: 5, tokensPerDay: 1_000 });
    const timeZone = 'Asia/Kathmandu';
    const user = await parley.users.create({ timeZone });
    const fresh = await limitsOf(user);
    expect(fresh).toMatchObject({
      tier: { id: 'free', name: 'Free' },
      requestsPerMinute: { limit: 3, used: 0, remaining: 3, resetAt: null },
      requestsPerDay: { limit: 5, used: 0, remaining: 5 },
      openTurns: { limit: 15, used: 0, remaining: 15, resetAt: null },
      openTurnsPerConversation: { limit: 5, conversations: [] },
      contextTokens: null,
      attachments: { perMessage: 4, bytes: 10_000_000 },
      allowedModels: null,
      maxMessageChars,
      degraded: false,
    });
    expect(fresh.endpoints).toContainEqual({ name: 'chat.send', limit: expect.any(Number), seconds: 60 });

    await limits.minute.take(user.id, await limits.effective(user.id));
    const use = { userId: user.id, day: localDay(Date.now(), timeZone), model: 'm', plugin: 'p' };
    await inTransaction(parley.app.platform.database.pool, async (client) => {
      await takeQuota(client, [{ ...use, requestsPerDay: 5, tokensPerDay: 1_000 }]);
      await recordQuota(client, [{ ...use, inputTokens: 700, outputTokens: 500, chargedMicro: 0n }]);
    });
    const used = await limitsOf(user);
    expect(used).toMatchObject({
      requestsPerMinute: { limit: 3, used: 1, remaining: 2, resetAt: expect.any(String) },
      requestsPerDay: { limit: 5, used: 1, remaining: 4 },
      tokensPerDay: { limit: 1_000, used: 1_200, remaining: 0 },
    });
    expect(used.tokensPerDay.resetAt).toBe(nextMidnight(Date.now(), timeZone).toISOString());
    await accounts.tiers.change('free', { requestsPerMinute: 1_000_000, requestsPerDay: null, tokensPerDay: null });
  });

  test('is refused beyond with the time to wait, and a refusal is no request', async () => {
    const { minute } = parley.app.modules.limits;
    const most = { requestsPerMinute: 2 };
    const userId = crypto.randomUUID();
    await minute.take(userId, most);
    await minute.take(userId, most);
    const refused = await minute.take(userId, most).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'limits.requests-per-minute',
      status: 429,
      retryAfter: expect.any(Number),
      data: { limit: 2, resetAt: expect.any(String) },
    });
    expect(await minute.look(userId, most)).toMatchObject({ remaining: 0 });
    expect(await minute.look(userId, { requestsPerMinute: 3 })).toMatchObject({ remaining: 1 });
  });
});

test('a spent day says until when by the clock of whom it is', () => {
  const nowMs = Date.parse('2026-11-21T10:00:00Z');
  const refused = quotaRefused({ spent: 'tokens', limit: 100, used: 120 }, nowMs, 'Asia/Shanghai');
  expect(refused).toMatchObject({
    code: 'limits.tokens-per-day',
    status: 429,
    retryAfter: 6 * 3_600,
    data: { limit: 100, used: 120, resetAt: '2026-11-21T16:00:00.000Z', timeZone: 'Asia/Shanghai' },
  });
  expect(refused.message).toBe(
    'The 100 tokens of today are spent. They are there again at midnight (Asia/Shanghai), at 2026-11-21 16:00 UTC.',
  );
  expect(quotaRefused({ spent: 'requests', limit: 7, used: 7 }, nowMs, 'UTC').code).toBe('limits.requests-per-day');
});

describe('for API clients', () => {
  async function keyOf(user: TestUser): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await parley.users.createApiKey(user)}`, 'content-type': 'application/json' };
  }

  test('requests per minute are told and refused as OpenAI does', async () => {
    const { accounts } = parley.app.modules;
    await accounts.tiers.change('free', { requestsPerMinute: 2 });
    const headers = await keyOf(await parley.users.create());
    const ask = () => fetch(`${parley.url}/v1/chat/completions`, { method: 'POST', headers, body: '{"messages":[]}' });
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 429]);
    expect(answers.map((answer) => answer.headers.get('x-ratelimit-remaining-requests'))).toEqual(['1', '0', '0']);
    expect(answers[0]!.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(answers[0]!.headers.get('x-ratelimit-reset-requests')).toMatch(/^(1m[01]s|\d\ds)$/);
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answers[2]!.json()).toEqual({
      error: {
        message: expect.stringContaining('At most 2 requests in a minute'),
        type: 'rate_limit_error',
        param: null,
        code: 'rate_limit_exceeded',
      },
    });
    await accounts.tiers.change('free', { requestsPerMinute: 1_000_000 });
  });
});

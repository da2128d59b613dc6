import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/create-test-app.ts';
import { createMemoryRateWindow } from '../../ports/rate-window/index.ts';
import { createLimiter, LimitExceeded } from './rate-limit.ts';

const threeSends = { 'chat.send': { points: 3, seconds: 3_600 } };

async function consume(
  limiter: ReturnType<typeof createLimiter>,
  key: string,
  times: number,
): Promise<(number | null)[]> {
  const remaining: (number | null)[] = [];
  for (let count = 0; count < times; count++) {
    try {
      remaining.push((await limiter.consume('chat.send', key)).remaining);
    } catch (error) {
      if (!LimitExceeded.is(error)) throw error;
      remaining.push(null);
    }
  }
  return remaining;
}

test('each key is counted by itself', async () => {
  const limiter = createLimiter({ window: createMemoryRateWindow(), limits: threeSends });
  expect(await consume(limiter, 'user:a', 4)).toEqual([2, 1, 0, null]);
  expect(await consume(limiter, 'user:b', 1)).toEqual([2]);
});

describe('over HTTP', () => {
  let parley: TestApp;
  beforeAll(async () => {
    parley = await createTestApp({
      withoutPlugins: true,
      limits: {
        general: { points: 3, seconds: 3_600 },
        'auth.sign-in': { points: 2, seconds: 3_600 },
        'auth.failed': { points: 2, seconds: 3_600 },
        'conversations.search': { points: 2, seconds: 3_600 },
      },
    });
  });
  afterAll(() => parley.stop());

  test('everybody is told where they stand, and refused with the time to wait', async () => {
    const user = await parley.users.create();
    const ask = () => fetch(`${parley.url}/api/me`, { headers: { cookie: user.cookie } });
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
    expect(answers.map((answer) => answer.headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0']);
    expect(answers[3]!.headers.get('ratelimit-limit')).toBe('3');
    expect(Number(answers[3]!.headers.get('retry-after'))).toBeGreaterThan(3_400);
    expect(await answers[3]!.json()).toMatchObject({
      code: 'limit.exceeded',
      retryAfter: expect.any(Number),
      data: { name: 'general', limit: 3 },
    });
    const other = await parley.users.create();
    expect((await fetch(`${parley.url}/api/me`, { headers: { cookie: other.cookie } })).status).toBe(200);
  });

  test('sign-in is limited by address, whoever is tried', async () => {
    const statuses: number[] = [];
    for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) {
      const body = JSON.stringify({ email, password: 'not the password' });
      const headers = { 'content-type': 'application/json' };
      statuses.push((await fetch(`${parley.url}/api/auth/sign-in`, { method: 'POST', headers, body })).status);
    }
    expect(statuses).toEqual([401, 401, 429]);
  });

  test('searching has a limit of its own, which leaves the rest of the app alone', async () => {
    const user = await parley.users.create();
    const ask = (path: string) => fetch(`${parley.url}${path}`, { headers: { cookie: user.cookie } });
    const answers = [await ask('/api/search?q=a'), await ask('/api/search?q=a'), await ask('/api/search?q=a')];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 429]);
    expect(await answers[2]!.json()).toMatchObject({ data: { name: 'conversations.search', limit: 2 } });
    expect((await ask('/api/me')).headers.get('ratelimit-remaining')).toBe('2');
  });

  test('keys cannot be guessed at will', async () => {
    const guess = () =>
      fetch(`${parley.url}/api/me`, { headers: { authorization: `Bearer parley_${crypto.randomUUID()}` } });
    expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429]);
  });
});

describe('by address', () => {
  const limits = { 'auth.sign-in': { points: 2, seconds: 3_600 } };
  const signIn = async (url: string, forwarded: string) => {
    const body = JSON.stringify({ email: 'a@example.com', password: 'not the password' });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': forwarded };
    return (await fetch(`${url}/api/auth/sign-in`, { method: 'POST', headers, body })).status;
  };

  test('a stranger who forwards for others is counted as himself', async () => {
    const parley = await createTestApp({ withoutPlugins: true, limits });
    expect([await signIn(parley.url, '1.1.1.1'), await signIn(parley.url, '2.2.2.2')]).toEqual([401, 401]);
    expect(await signIn(parley.url, '3.3.3.3')).toBe(429);
    await parley.stop();
  });

  test('behind a trusted proxy everybody is counted for himself, whatever they claim to forward', async () => {
    const server = { trustedProxies: ['127.0.0.0/8'] };
    const parley = await createTestApp({ withoutPlugins: true, limits, config: { server } });
    expect([await signIn(parley.url, '1.1.1.1'), await signIn(parley.url, '9.9.9.9, 1.1.1.1')]).toEqual([401, 401]);
    expect(await signIn(parley.url, '8.8.8.8, 1.1.1.1')).toBe(429);
    expect(await signIn(parley.url, '2.2.2.2')).toBe(401);
    await parley.stop();
  });
});

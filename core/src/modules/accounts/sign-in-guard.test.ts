import { expect, test } from 'vitest';
import { createMemoryKv } from '../../ports/kv/memory-kv.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { TooManyAttempts } from './accounts.errors.ts';
import { SignInGuard } from './sign-in-guard.ts';

function setUp() {
  const clock = fakeClock();
  const guard = new SignInGuard({ kv: createMemoryKv({ now: clock.now }), clock });
  return { clock, guard };
}

test('five wrong passwords are free, then attempts are spaced out', async () => {
  const { clock, guard } = setUp();
  for (let attempt = 0; attempt < 6; attempt++) await guard.admit('a@example.com');
  const refusal = await guard.admit('a@example.com').catch((error: unknown) => error);
  expect(TooManyAttempts.is(refusal) && refusal.retryAfter).toBe(2);
  await guard.admit('b@example.com');
  clock.advance(2_001);
  await guard.admit('a@example.com');
  expect(TooManyAttempts.is(await guard.admit('a@example.com').catch((error: unknown) => error))).toBe(true);
});

test('of many guesses at once only the free ones and one more go through', async () => {
  const { guard } = setUp();
  const results = await Promise.allSettled(Array.from({ length: 50 }, () => guard.admit('a@example.com')));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(6);
});

test('a right password clears the slate', async () => {
  const { guard } = setUp();
  for (let attempt = 0; attempt < 6; attempt++) await guard.admit('a@example.com');
  await guard.succeeded('a@example.com');
  const again = await Promise.allSettled(Array.from({ length: 5 }, () => guard.admit('a@example.com')));
  expect(again.every((result) => result.status === 'fulfilled')).toBe(true);
});

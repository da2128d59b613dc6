import { afterEach, expect, test, vi } from 'vitest';
import { type HealthReport, readiness } from './health.ts';

afterEach(() => vi.useRealTimers());
const checksOf = (...states: HealthReport['state'][]) =>
  states.map((state, at) => ({ name: `port ${at}`, check: () => ({ state }) }));

test.each([
  [['ok', 'off'], { ready: true, state: 'ok' }],
  [['ok', 'degraded'], { ready: true, state: 'degraded' }],
  [['degraded', 'failing', 'ok'], { ready: false, state: 'failing' }],
] as const)('%j', async (states, verdict) => {
  expect(await readiness(checksOf(...states))).toMatchObject(verdict);
});

test('a check that fails is told by its kind, never by its words', async () => {
  const error = Object.assign(new Error('connect to postgres://parley:secret@db'), { code: 'ECONNREFUSED' });
  const { state, checks } = await readiness([{ name: 'database', check: () => Promise.reject(error) }]);
  expect(state).toBe('failing');
  expect(checks.database).toMatchObject({ state: 'failing', detail: 'ECONNREFUSED' });
});

test('a check that hangs has failed', async () => {
  vi.useFakeTimers();
  const report = readiness([{ name: 'database', check: () => new Promise(() => undefined) }]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect((await report).checks.database).toMatchObject({ state: 'failing', detail: 'no answer within 2000 ms' });
});

// @vitest-environment node
import { beforeEach, expect, test, vi } from 'vitest';
import type * as ServerTime from './server-time.ts';

let time: typeof ServerTime;
beforeEach(async () => {
  vi.resetModules();
  time = await import('./server-time.ts');
});
const at = '2026-11-21T09:00:00.000Z';
const now = Date.parse(at);

test('times of the server are moved onto a clock that is wrong', () => {
  time.hearServerTime('Sat, 21 Nov 2026 09:00:00 GMT', now + 300_000);
  expect(time.onThisClock(at, now + 310_000)).toBe(now + 300_000);
});

test('the answer that came quickest tells the most', () => {
  time.hearServerTime('Sat, 21 Nov 2026 09:00:00 GMT', now + 4_000);
  time.hearServerTime('Sat, 21 Nov 2026 09:00:10 GMT', now + 10_200);
  expect(time.onThisClock(at, now + 20_000)).toBe(now + 200);
});

test('nothing has begun in the future', () => {
  time.hearServerTime(null, now);
  expect(time.onThisClock(at, now - 5_000)).toBe(now - 5_000);
});

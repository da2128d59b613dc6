import { expect, test } from 'vitest';
import { paceOf, waitForTime } from './pace.ts';

test('a slow pace sends single words', () => {
  expect(paceOf(5)).toEqual({ piecesPerStep: 1, stepMs: 200 });
});

test('a quick pace joins words instead of waiting less than ten milliseconds', () => {
  expect(paceOf(1000)).toEqual({ piecesPerStep: 10, stepMs: 10 });
});

test('an abort ends a long wait', async () => {
  const stop = new AbortController();
  const waiting = waitForTime(3_600_000, stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
  await expect(waitForTime(3_600_000, stop.signal)).resolves.toBeUndefined();
});

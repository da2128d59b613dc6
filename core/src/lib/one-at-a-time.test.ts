import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

test('many calls while it runs are one more run, which starts after them', async () => {
  let runs = 0;
  let state = 0;
  const seen: number[] = [];
  const look = oneAtATime(async () => {
    runs += 1;
    seen.push(state);
    await Promise.resolve();
  });
  const first = look();
  state = 1;
  await Promise.all([first, look(), look(), look()]);
  expect([runs, seen]).toEqual([2, [0, 1]]);
  await look();
  expect(runs).toBe(3);
});

test('a failed run is told to its callers and does not stop the next', async () => {
  let fails = true;
  const work = oneAtATime(async () => {
    if (fails) throw new Error('broken');
  });
  const first = work();
  const second = work();
  fails = false;
  await expect(first).rejects.toThrow('broken');
  await expect(second).resolves.toBeUndefined();
});

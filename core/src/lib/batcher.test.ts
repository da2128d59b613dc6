import { expect, test } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { createBatcher } from './batcher.ts';

test('a call alone goes at once; those that come meanwhile go together', async () => {
  const batches: number[][] = [];
  const gates: (() => void)[] = [];
  const double = createBatcher<number, number>(
    async (items) => {
      batches.push(items);
      await new Promise<void>((resolve) => gates.push(resolve));
      return items.map((item) => item * 2);
    },
    { maxItems: 3, maxInFlight: 1 },
  );
  const results = Promise.all([1, 2, 3, 4, 5].map((item) => double(item)));
  for (let round = 0; round < 3; round++) {
    await eventually(() => gates.length).toBe(1);
    gates.shift()!();
  }
  expect(await results).toEqual([2, 4, 6, 8, 10]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

test('all callers of a batch hear of its failure, later ones are served', async () => {
  let isBroken = true;
  const run = createBatcher<number, number>(
    async (items) => {
      if (isBroken) throw new Error('away');
      return items;
    },
    { maxItems: 10, maxInFlight: 1 },
  );
  const results = await Promise.allSettled([run(1), run(2)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isBroken = false;
  expect(await run(3)).toBe(3);
});

/** Batches that go on until they are let go of. */
function hangingBatches(options: { crowd: number; patienceMs: number }) {
  const batches: number[][] = [];
  const over = Promise.withResolvers<void>();
  const run = createBatcher<number, number>(
    async (items) => {
      batches.push(items);
      await over.promise;
      return items;
    },
    { maxItems: 10, maxInFlight: 2, ...options },
  );
  return { batches, run, letGo: over.resolve };
}

test('a second batch starts beside the first when a crowd waits', async () => {
  const { batches, run, letGo } = hangingBatches({ crowd: 3, patienceMs: 1_000_000 });
  const results = Promise.all([1, 2, 3].map((item) => run(item)));
  expect(batches).toEqual([[1]]);
  const last = run(4);
  expect(batches).toEqual([[1], [2, 3, 4]]);
  letGo();
  expect([...(await results), await last]).toEqual([1, 2, 3, 4]);
});

test('nobody waits for long behind a batch that hangs', async () => {
  const { batches, run, letGo } = hangingBatches({ crowd: 3, patienceMs: 1 });
  const results = Promise.all([1, 2].map((item) => run(item)));
  await eventually(() => batches).toEqual([[1], [2]]);
  letGo();
  expect(await results).toEqual([1, 2]);
});

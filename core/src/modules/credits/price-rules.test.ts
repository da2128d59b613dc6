import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFlat, mostItCanCost, priceOf } from './price-rules.ts';
import { aPrice } from './testing/a-price.ts';

test('a flat price is the same however long the reply is', () => {
  const price = aPrice({ perMessage: 2_000_000n });
  expect(priceOf(price, { input: 10, output: 1 })).toBe(2_000_000n);
  expect(priceOf(price, { input: 100_000, output: 9_000 })).toBe(2_000_000n);
  expect(isFlat(price)).toBe(true);
});

test('each kind of token has its own rate; what has none counts as its kind', () => {
  const usage = { input: 1_000, output: 2_000, reasoning: 500, cachedInput: 400 };
  const plain = aPrice({ per1kInput: 1_000n, per1kOutput: 3_000n });
  expect(priceOf(plain, usage)).toBe(1_000n + 6_000n);
  const detailed = aPrice({ per1kInput: 1_000n, per1kOutput: 3_000n, per1kReasoning: 1_000n, per1kCachedInput: 100n });
  expect(priceOf(detailed, usage)).toBe(600n + 40n + 4_500n + 500n);
  expect(isFlat(detailed)).toBe(false);
});

test('a fraction of a micro-credit is rounded up once, not for each kind', () => {
  const price = aPrice({ per1kInput: 1n, per1kOutput: 1n });
  expect(priceOf(price, { input: 1, output: 1 })).toBe(1n);
  expect(priceOf(price, { input: 500, output: 501 })).toBe(2n);
  expect(priceOf(price, { input: 0, output: 0 })).toBe(0n);
});

test('no usage within the counts ever costs more than the most they can', () => {
  const amount = fc.bigInt({ min: 0n, max: 1_000_000_000n });
  fc.assert(
    fc.property(
      fc.record({
        perMessage: amount,
        per1kInput: amount,
        per1kOutput: amount,
        per1kReasoning: fc.option(amount),
        per1kCachedInput: fc.option(amount),
      }),
      fc.nat(1_000_000),
      fc.nat(100_000),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rates, input, output, cachedShare, reasoningShare) => {
        const price = aPrice(rates);
        const usage = {
          input,
          output,
          cachedInput: Math.floor(input * cachedShare),
          reasoning: Math.floor(output * reasoningShare),
        };
        expect(priceOf(price, usage)).toBeLessThanOrEqual(mostItCanCost(price, { input, output }));
      },
    ),
  );
});

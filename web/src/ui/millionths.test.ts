// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { parseMillionths, writeMillionths } from './millionths.ts';

describe('an amount that was typed', () => {
  test.each([
    ['0', 0],
    ['3', 3_000_000],
    [' 3.25 ', 3_250_000],
    ['.5', 500_000],
    ['0.000001', 1],
    ['1,204.5', 1_204_500_000],
    ['1000000000', 1_000_000_000_000_000],
    // No float is made on the way: this one would come out a millionth short.
    ['4.35', 4_350_000],
  ])('%s is exact', (text, amount) => expect(parseMillionths(text)).toBe(amount));

  test.each(['', '-1', '1e3', '1,5', '12,34', '1.2345678', 'many', '.', '1.', '99999999999'])('%j is none', (text) =>
    expect(parseMillionths(text)).toBeUndefined(),
  );
});

test.each([
  [0, '0'],
  [1, '0.000001'],
  [3_250_000, '3.25'],
  [10_000_000, '10'],
  [1_204_500_000, '1204.5'],
])('%d millionths are written so that they are read back', (amount, text) => {
  expect(writeMillionths(amount)).toBe(text);
  expect(parseMillionths(text)).toBe(amount);
});

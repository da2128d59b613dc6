// @vitest-environment node
import type { Price } from '@parley/sdk/contract';
import { describe, expect, test } from 'vitest';
import { costOf, pricesByModel } from './price-versions.ts';

const nothing = { perMessage: 0, per1kInput: 0, per1kOutput: 0, perImage: 0, perVideoSecond: 0 };
function price(model: string, validFrom: string): Price {
  return {
    id: `${model} ${validFrom}`,
    model,
    validFrom,
    ...nothing,
    per1kReasoning: null,
    per1kCachedInput: null,
    createdAt: validFrom,
  };
}

test('of the versions of a model one holds, others are to come or over', () => {
  const versions = ['2026-12-01', '2026-01-01', '2026-06-01', '2027-01-01', '2026-03-01'];
  const all = versions.map((day) => price('acme/one', `${day}T00:00:00.000Z`));
  const [prices] = pricesByModel(all, Date.parse('2026-11-21T00:00:00Z'));
  const days = (list: readonly Price[]) => list.map(({ validFrom }) => validFrom.slice(0, 10));
  expect(prices?.current?.validFrom).toMatch(/^2026-06-01/);
  expect(days(prices?.coming ?? [])).toEqual(['2026-12-01', '2027-01-01']);
  expect(days(prices?.past ?? [])).toEqual(['2026-03-01', '2026-01-01']);
});

test('the price of every other model stands first', () => {
  const all = ['b/model', '*', 'a/model'].map((model) => price(model, '2026-01-01T00:00:00.000Z'));
  expect(pricesByModel(all).map(({ model }) => model)).toEqual(['*', 'a/model', 'b/model']);
});

describe('what a message costs', () => {
  test('is the sum of what is read, what is written and the message itself', () => {
    const rates = { perMessage: 200_000, per1kInput: 1_000_000, per1kOutput: 3_000_000 };
    expect(costOf(rates, 1000, 500)).toBe(2_700_000);
  });
  test('is rounded up to the next millionth, once', () => {
    expect(costOf({ perMessage: 0, per1kInput: 1, per1kOutput: 1 }, 1, 1)).toBe(1);
  });
});

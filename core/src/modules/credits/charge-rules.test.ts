import { expect, test } from 'vitest';
import { chargeFor } from './charge-rules.ts';
import { aPrice } from './testing/a-price.ts';

const flat = aPrice({ perMessage: 1_000n });
const metered = aPrice({ per1kInput: 1_000n, per1kOutput: 2_000n });
const usage = { input: 100, output: 50, countedBy: 'provider' as const };

test('a completed reply is charged by its usage, a flat one in full', () => {
  expect(chargeFor(metered, { state: 'completed', hasContent: true, usage })).toBe(200n);
  expect(chargeFor(flat, { state: 'completed', hasContent: true, usage })).toBe(1_000n);
});

test('a reply that was stopped after content is charged for what was delivered, a flat one in full', () => {
  expect(chargeFor(metered, { state: 'stopped', hasContent: true, usage })).toBe(200n);
  expect(chargeFor(flat, { state: 'stopped', hasContent: true, usage })).toBe(1_000n);
});

test.each([
  ['stopped before any content', { state: 'stopped', hasContent: false, usage }],
  ['failed before any content', { state: 'failed', hasContent: false, usage: null }],
  ['failed after some content', { state: 'failed', hasContent: true, usage }],
  ['interrupted', { state: 'interrupted', hasContent: true, usage: null }],
] as const)('a reply that was %s costs nothing', (_, end) => {
  expect(chargeFor(metered, end)).toBe(0n);
  expect(chargeFor(flat, end)).toBe(0n);
});

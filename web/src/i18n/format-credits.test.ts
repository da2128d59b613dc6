import { MICRO_PER_CREDIT } from '@parley/sdk/contract';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type CreditRounding,
  formatCredits,
  formatCreditsUnit,
  formatRoughly,
  microPerCredit,
} from './format-credits.ts';
import { loadLanguage } from './i18n.svelte.ts';

const shown = (credits: number, rounding?: CreditRounding) =>
  formatCredits(Math.round(credits * microPerCredit), rounding);

describe('an amount of credits', () => {
  afterEach(() => loadLanguage('en'));

  test('is counted as in the contract', () => {
    expect(microPerCredit).toBe(MICRO_PER_CREDIT);
  });

  test('has no more digits than tell something', () => {
    const amounts = [0, 0.000_001, 0.004, 0.0125, 0.5, 3.2, 3.2449, 41.84, 999.96, 1_204.4, 1_234_567];
    expect(amounts.map((amount) => shown(amount))).toEqual([
      '0',
      '0.000001',
      '0.004',
      '0.013',
      '0.5',
      '3.2',
      '3.24',
      '41.8',
      '1,000',
      '1,204',
      '1,234,567',
    ]);
  });

  test('is rounded to the safe side where it is a promise', () => {
    expect([shown(3.201, 'up'), shown(3.209, 'down'), shown(41.79, 'down')]).toEqual(['3.21', '3.2', '41.7']);
  });

  test('is whole to the last digit where lines must add up', () => {
    expect([shown(1_204.123_456, 'exact'), shown(0.1, 'exact')]).toEqual(['1,204.123456', '0.1']);
  });

  test('agrees with its unit', async () => {
    const amounts = [1_000_000, 3_200_000, 999_999_999_999, 500_000, 999_999];
    expect(amounts.map((micro) => formatCreditsUnit(micro))).toEqual([
      '1 credit',
      '3.2 credits',
      '1,000,000 credits',
      '0.5 credits',
      '1 credit',
    ]);
    await loadLanguage('zh-CN');
    expect(formatCreditsUnit(3_200_000)).toBe('3.2 积分');
  });
});

test('a rough figure is short', async () => {
  expect([7, 950, 1_234, 12_900, 2_000_000].map(formatRoughly)).toEqual(['7', '950', '1.2k', '13k', '2M']);
});

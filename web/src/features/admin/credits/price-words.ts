import type { Price } from '@parley/sdk/contract';
import { formatCredits, formatCreditsUnit } from '../../../i18n/format-credits.ts';
import { formatList } from '../../../i18n/format.ts';
import { t } from '../../../i18n/i18n.svelte.ts';
import { rates } from './price-form.ts';
import { costOf } from './price-versions.ts';

/** The message by which prices are compared. */
const example = { input: 1000, output: 500 };

export function priceInWords(price: Price): string {
  const parts = rates
    .filter((rate) => (price[rate] ?? 0) > 0)
    .map((rate) => t(`money.part-${rate}`, { amount: formatCredits(price[rate] ?? 0, 'exact') }));
  return parts.length === 0 ? t('money.free') : formatList(parts);
}

export function exampleCost(price: Pick<Price, 'perMessage' | 'per1kInput' | 'per1kOutput'>): string {
  return formatCreditsUnit(costOf(price, example.input, example.output), 'exact');
}

import type { TurnReceipt } from '@parley/sdk/contract';
import { formatCreditsUnit } from '../../i18n/format-credits.ts';
import { formatDate, formatNumber } from '../../i18n/format.ts';
import { t } from '../../i18n/i18n.svelte.ts';

/** A receipt line by line; what is nothing is not told. */
export function receiptFacts({ receipt, price, ...turn }: TurnReceipt, modelName: string): [string, string][] {
  const amount = (micro: number) => formatCreditsUnit(micro, 'exact');
  const isOver = receipt.state !== 'held';
  return [
    [t('usage.model'), modelName],
    [t('usage.estimate'), amount(receipt.estimate)],
    [t('usage.held'), amount(receipt.held)],
    ...(isOver
      ? [line(t('usage.charged'), amount(receipt.charged)), line(t('usage.released'), amount(receipt.released))]
      : []),
    ...(receipt.refunded > 0 ? [line(t('usage.refunded'), amount(receipt.refunded))] : []),
    ...(turn.inputTokens === null ? [] : [line(t('usage.input-tokens'), formatNumber(turn.inputTokens))]),
    ...(turn.outputTokens === null ? [] : [line(t('usage.output-tokens'), formatNumber(turn.outputTokens))]),
    ...(receipt.countedBy === null ? [] : [line(t('usage.counted-by'), t(`usage.counted-by-${receipt.countedBy}`))]),
    [t('usage.price'), t('usage.price-since', { date: formatDate(price.validFrom) })],
  ];
}

function line(name: string, text: string): [string, string] {
  return [name, text];
}

import type { Message, Receipt } from '@parley/sdk/contract';
import { formatCredits, formatCreditsUnit } from '../../../i18n/format-credits.ts';
import { formatNumber } from '../../../i18n/format.ts';
import { t } from '../../../i18n/i18n.svelte.ts';

type Costly = Pick<Message, 'usage' | 'durationMs'>;

/** What a reply has cost, in a line: "2.4 credits, 812 tokens, 6.1 s". */
export function costLine({ usage, durationMs }: Costly, receipt: Receipt): string {
  const { state, charged, released, refunded } = receipt;
  if (state === 'held') return t('chat.cost-open');
  if (state === 'released') return t('chat.cost-nothing', { amount: formatCredits(released) });
  const cost = formatCreditsUnit(charged);
  if (refunded > 0) return t('chat.cost-refunded', { cost, refunded: formatCredits(refunded) });
  const length = t('chat.usage', { count: usage?.output ?? 0 });
  if (durationMs === null) return t('chat.cost-short', { cost, length });
  const seconds = formatNumber(durationMs / 1000, { maximumFractionDigits: 1 });
  return t('chat.cost', { cost, length, time: t('chat.seconds', { seconds }) });
}

/** "Stopped. 212 tokens, 1.1 credits charged, 2.1 refunded." */
export function stoppedLine(usage: Message['usage'], receipt: Receipt | null): string {
  const count = usage?.output ?? 0;
  if (receipt === null || receipt.state === 'held') {
    return count > 0 ? t('chat.stopped-tokens', { count }) : t('chat.stopped');
  }
  if (receipt.state === 'released') return t('chat.stopped-free', { amount: formatCredits(receipt.released) });
  return t('chat.stopped-cost', {
    length: t('chat.usage', { count }),
    cost: formatCreditsUnit(receipt.charged),
    refunded: formatCredits(receipt.released + receipt.refunded),
  });
}

/** What a screen reader hears of the cost when a reply has ended; empty for a free one. */
export function spokenCost(receipt: Receipt | null): string {
  if (receipt === null || receipt.state === 'held') return '';
  if (receipt.state === 'released') return t('chat.cost-nothing', { amount: formatCredits(receipt.released) });
  return formatCreditsUnit(receipt.charged);
}

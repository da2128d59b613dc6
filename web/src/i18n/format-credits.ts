import { formatNumber } from './format.ts';
import { t } from './i18n.svelte.ts';

/** Kept equal to the contract's by a test, as the contract may not enter the bundle. */
export const microPerCredit = 1_000_000;

/**
 * `up` for what something may cost, `down` for what is left: rounded, neither may promise more than there is.
 * `exact` for receipts and ledgers, whose lines add up.
 */
export type CreditRounding = 'nearest' | 'up' | 'down' | 'exact';
const modes = { nearest: 'halfExpand', up: 'ceil', down: 'floor' } as const;

/** Micro-credits as credits, with no more digits than tell something: 3.2, 0.004, 1,204. Show it with tabular figures. */
export function formatCredits(micro: number, rounding: CreditRounding = 'nearest'): string {
  const credits = micro / microPerCredit;
  if (rounding === 'exact') return formatNumber(credits, { maximumFractionDigits: 6 });
  return formatNumber(credits, { ...digitsOf(Math.abs(credits)), roundingMode: modes[rounding] });
}

/** The same with its unit: "3.2 credits". */
export function formatCreditsUnit(micro: number, rounding: CreditRounding = 'nearest'): string {
  // The plural follows what is shown: 0.999 may read as 1.
  return t('ui.credits', { count: formatCredits(micro, rounding) });
}

/** "1.2k": for figures that are estimates anyway. */
export function formatRoughly(value: number): string {
  return formatNumber(value, { notation: 'compact', maximumSignificantDigits: 2 }).replace('K', 'k');
}

function digitsOf(credits: number): Intl.NumberFormatOptions {
  if (credits < 1) return { maximumSignificantDigits: 2 };
  if (credits < 10) return { maximumFractionDigits: 2 };
  return { maximumFractionDigits: credits < 1000 ? 1 : 0 };
}

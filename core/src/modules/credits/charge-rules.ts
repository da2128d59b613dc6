import type { TurnState, Usage } from '@parley/sdk/contract';
import { type PriceVersion, priceOf } from './price-rules.ts';

export interface ChargeableEnd {
  state: Exclude<TurnState, 'queued' | 'running'>;
  /** Something of the reply has been delivered. */
  hasContent: boolean;
  /** Null: nothing was counted. */
  usage: Usage | null;
}

/**
 * What an ended turn is charged, before the hold limits it. Only what a person got as he asked for it costs anything: a
 * finished reply, or one he stopped himself (or whose reader never came back) after some of it had reached him.
 */
export function chargeFor(price: PriceVersion, end: ChargeableEnd): bigint {
  const isOwed = end.state === 'completed' || (end.state === 'stopped' && end.hasContent);
  return isOwed && end.usage !== null ? priceOf(price, end.usage) : 0n;
}

import type { PriceCreate } from '@parley/sdk/contract';
import { parseMillionths } from '../../../ui/millionths.ts';

export const mainRates = ['perMessage', 'per1kInput', 'per1kOutput'] as const;
/** Null where nothing is said: then they cost what other tokens cost. */
export const finerRates = ['per1kReasoning', 'per1kCachedInput'] as const;
export const mediaRates = ['perImage', 'perVideoSecond'] as const;
export const rates = [...mainRates, ...finerRates, ...mediaRates] as const;
export type Rate = (typeof rates)[number];

export interface PriceDraft {
  model: string;
  /** Of a date-and-time box; empty: from now on. */
  from: string;
  texts: Record<Rate, string>;
}

export function emptyDraft(model: string): PriceDraft {
  return { model, from: '', texts: Object.fromEntries(rates.map((rate) => [rate, ''])) as PriceDraft['texts'] };
}

export function isFiner(rate: Rate): rate is (typeof finerRates)[number] {
  return (finerRates as readonly Rate[]).includes(rate);
}

/** The amount in a box: nothing typed is 0, or null for the finer kinds; undefined when it is no amount. */
export function rateOf({ texts }: PriceDraft, rate: Rate): number | null | undefined {
  if (texts[rate].trim() === '') return isFiner(rate) ? null : 0;
  return parseMillionths(texts[rate]);
}

/** Names of boxes whose text is no amount. */
export function wrongRates(draft: PriceDraft): Rate[] {
  return rates.filter((rate) => rateOf(draft, rate) === undefined);
}

export function priceBody(draft: PriceDraft): Partial<PriceCreate> & Pick<PriceCreate, 'model'> {
  return {
    model: draft.model,
    ...Object.fromEntries(rates.map((rate) => [rate, rateOf(draft, rate)])),
    ...(draft.from === '' ? {} : { validFrom: new Date(draft.from).toISOString() }),
  };
}

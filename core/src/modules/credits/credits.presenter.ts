import type { Price } from '@parley/sdk/contract';
import type { PriceVersion } from './price-rules.ts';

export function presentPrice(price: PriceVersion): Price {
  const orNull = (amount: bigint | null) => (amount === null ? null : Number(amount));
  return {
    id: price.id,
    model: price.model,
    validFrom: price.validFrom.toISOString(),
    perMessage: Number(price.perMessage),
    per1kInput: Number(price.per1kInput),
    per1kOutput: Number(price.per1kOutput),
    per1kReasoning: orNull(price.per1kReasoning),
    per1kCachedInput: orNull(price.per1kCachedInput),
    perImage: Number(price.perImage),
    perVideoSecond: Number(price.perVideoSecond),
    createdAt: price.createdAt.toISOString(),
  };
}

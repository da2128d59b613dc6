import { randomUUID } from 'node:crypto';
import type { PriceVersion } from '../price-rules.ts';

/** Free but for what is said. */
export function aPrice(fields: Partial<PriceVersion> = {}): PriceVersion {
  return {
    id: randomUUID(),
    model: 'demo/model',
    validFrom: new Date(0),
    perMessage: 0n,
    per1kInput: 0n,
    per1kOutput: 0n,
    per1kReasoning: null,
    per1kCachedInput: null,
    perImage: 0n,
    perVideoSecond: 0n,
    createdAt: new Date(0),
    ...fields,
  };
}

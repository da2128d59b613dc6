import type { AdminTransfer, Price, Transfer } from '@parley/sdk/contract';
import type { Person } from '../accounts/index.ts';
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

export function withNames(transfer: Transfer, people: ReadonlyMap<string, Person>): AdminTransfer {
  const nameOf = (id: string | null) => (id === null ? null : (people.get(id) ?? null));
  return { ...transfer, user: nameOf(transfer.userId), actor: nameOf(transfer.actorId) };
}

import type { Usage } from '@parley/sdk/contract';

/** A version of a model's price; amounts in micro-credits. */
export interface PriceVersion {
  id: string;
  model: string;
  validFrom: Date;
  perMessage: bigint;
  per1kInput: bigint;
  per1kOutput: bigint;
  /** Null: as any other output. */
  per1kReasoning: bigint | null;
  /** Null: as any other input. */
  per1kCachedInput: bigint | null;
  perImage: bigint;
  perVideoSecond: bigint;
  createdAt: Date;
}
type TokenCounts = Pick<Usage, 'input' | 'output' | 'reasoning' | 'cachedInput'>;

/** Whether a reply's price can be told without counting tokens. */
export function isFlat(price: PriceVersion): boolean {
  return [price.per1kInput, price.per1kOutput, price.per1kReasoning ?? 0n, price.per1kCachedInput ?? 0n].every(
    (amount) => amount === 0n,
  );
}

/** `perMessage` and each kind of token by its own rate; one rounding, at the end, up to the next micro-credit. */
export function priceOf(price: PriceVersion, usage: TokenCounts): bigint {
  const cached = usage.cachedInput ?? 0;
  const reasoning = usage.reasoning ?? 0;
  const thousandfold =
    BigInt(usage.input - cached) * price.per1kInput +
    BigInt(cached) * (price.per1kCachedInput ?? price.per1kInput) +
    BigInt(usage.output - reasoning) * price.per1kOutput +
    BigInt(reasoning) * (price.per1kReasoning ?? price.per1kOutput);
  return price.perMessage + (thousandfold + 999n) / 1000n;
}

/** The dearest that so many tokens can be, whatever they turn out to be. */
export function mostItCanCost(price: PriceVersion, tokens: { input: number; output: number }): bigint {
  return priceOf(
    {
      ...price,
      per1kInput: larger(price.per1kInput, price.per1kCachedInput),
      per1kOutput: larger(price.per1kOutput, price.per1kReasoning),
    },
    tokens,
  );
}

function larger(one: bigint, other: bigint | null): bigint {
  return other !== null && other > one ? other : one;
}

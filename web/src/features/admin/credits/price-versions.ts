import type { Price } from '@parley/sdk/contract';

export const everyModel = '*';

/** What one model costs: now, from later dates on, and until now. */
export interface ModelPrices {
  model: string;
  /** Null: it has none of its own yet. */
  current: Price | null;
  /** The next one first. */
  coming: readonly Price[];
  /** The latest first. */
  past: readonly Price[];
}

/** `all`: newest first or not; every other model stands first, then models by name. */
export function pricesByModel(all: readonly Price[], now = Date.now()): ModelPrices[] {
  const models = [...new Set(all.map(({ model }) => model))].toSorted((a, b) =>
    a === everyModel ? -1 : b === everyModel ? 1 : a.localeCompare(b),
  );
  return models.map((model) => {
    const versions = all.filter((price) => price.model === model).toSorted((a, b) => startOf(a) - startOf(b));
    const begun = versions.filter((price) => startOf(price) <= now).toReversed();
    return {
      model,
      current: begun[0] ?? null,
      coming: versions.filter((price) => startOf(price) > now),
      past: begun.slice(1),
    };
  });
}

function startOf({ validFrom }: Price): number {
  return Date.parse(validFrom);
}

type Rates = Pick<Price, 'perMessage' | 'per1kInput' | 'per1kOutput'>;

/** Reading so many tokens and writing so many; rounded up once, as the server does. */
export function costOf(price: Rates, input: number, output: number): number {
  return price.perMessage + Math.ceil((input * price.per1kInput + output * price.per1kOutput) / 1000);
}

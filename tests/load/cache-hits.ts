export interface CacheCounts {
  /** Whoever joined a load that was under way did not cause one. */
  hits: number;
  misses: number;
}

/** By namespace, from a page of `/metrics`. */
export function cacheCounts(page: string): Map<string, CacheCounts> {
  const counts = new Map<string, CacheCounts>();
  for (const [, what, namespace, value] of page.matchAll(
    /^parley_cache_(hits|joined|misses)_total\{.*?namespace="([^"]+)".*?\} (\S+)$/gm,
  )) {
    const known = counts.get(namespace!) ?? { hits: 0, misses: 0 };
    known[what === 'misses' ? 'misses' : 'hits'] += Number(value);
    counts.set(namespace!, known);
  }
  return counts;
}

/** What was counted between two pages, by namespace and `all` together. */
export function hitRates(before: string, after: string): Map<string, number> {
  const earlier = cacheCounts(before);
  const all = { hits: 0, misses: 0 };
  const rates = new Map<string, number>();
  for (const [namespace, { hits, misses }] of cacheCounts(after)) {
    const since = earlier.get(namespace) ?? { hits: 0, misses: 0 };
    const counts = { hits: hits - since.hits, misses: misses - since.misses };
    all.hits += counts.hits;
    all.misses += counts.misses;
    rates.set(namespace, rateOf(counts));
  }
  rates.set('all', rateOf(all));
  return rates;
}

/** NaN where nobody asked. */
function rateOf({ hits, misses }: CacheCounts): number {
  return hits / (hits + misses);
}

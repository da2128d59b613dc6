import type { CacheFigures } from '@parley/sdk/contract';

/** Shares of all questions; null while nobody has asked. Whoever joined a load that was under way did not cause one. */
export function hitRates({ hits, joined, misses }: Pick<CacheFigures, 'hits' | 'joined' | 'misses'>) {
  const asked = hits.memory + hits.redis + joined + misses;
  if (asked === 0) return null;
  return { all: 1 - misses / asked, memory: hits.memory / asked, redis: hits.redis / asked };
}

/** Bounds grow by a quarter from 1 ms on, so that whatever is read from them is wrong by an eighth at most. */
const GROWTH = 1.25;
/** The last one ends at three minutes; what takes longer is counted there. */
const LAST = 54;

export function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.min(LAST, Math.ceil(Math.log(ms) / Math.log(GROWTH)));
}

/** The duration that `share` of the requests did not exceed; null when there were none. */
export function percentile(counts: ReadonlyMap<number, number>, share: number): number | null {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [bucket, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    if (before + count >= share * total) {
      const lower = bucket === 0 ? 0 : GROWTH ** (bucket - 1);
      return lower + (GROWTH ** bucket - lower) * ((share * total - before) / count);
    }
    before += count;
  }
  return GROWTH ** LAST;
}

import { expect, test } from 'vitest';
import { bucketOf, percentile } from './latency-buckets.ts';

function counted(durations: number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const ms of durations) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
  return counts;
}

test.each([0.01, 1, 3, 17, 200, 4_321, 100_000])('%d ms are read back within an eighth', (ms) => {
  const read = percentile(counted(Array.from({ length: 100 }, () => ms)), 0.5)!;
  expect(Math.abs(read - ms)).toBeLessThanOrEqual(Math.max(0.5, ms / 8));
});

test('19 of 20 requests were not slower than the 95th percentile', () => {
  const durations = Array.from({ length: 1000 }, (_, index) => index + 1);
  const read = percentile(counted(durations), 0.95)!;
  expect(read).toBeGreaterThan(950 * 0.875);
  expect(read).toBeLessThan(950 * 1.125);
});

test('nothing has no percentile, and what lasts for ever has a bucket', () => {
  expect(percentile(new Map(), 0.95)).toBeNull();
  expect(percentile(counted([Number.POSITIVE_INFINITY]), 0.95)).toBeGreaterThan(100_000);
});

import { expect, test } from 'vitest';
import { hitRates } from './cache-hits.ts';

const page = (memory: number, redis: number, misses: number, lists: number) => `# TYPE parley_cache_hits_total counter
parley_cache_hits_total{namespace="profiles",layer="memory"} ${memory}
parley_cache_hits_total{namespace="profiles",layer="redis"} ${redis}
parley_cache_misses_total{namespace="profiles"} ${misses}
parley_cache_misses_total{namespace="conversation-lists"} ${lists}
parley_cache_stale_total{namespace="profiles"} 5
`;

test('a rate is of what was asked between two looks, from whatever layer it came', () => {
  const rates = hitRates(page(100, 10, 50, 0), page(160, 20, 70, 10));
  expect([...rates]).toEqual([
    ['profiles', 70 / 90],
    ['conversation-lists', 0],
    ['all', 70 / 100],
  ]);
});

test('where nobody asked there is no rate', () => {
  expect(hitRates(page(1, 0, 1, 0), page(1, 0, 1, 0)).get('all')).toBeNaN();
});

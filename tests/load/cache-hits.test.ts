import { expect, test } from 'vitest';
import { hitRates } from './cache-hits.ts';

const page = (
  memory: number,
  redis: number,
  joined: number,
  misses: number,
  lists: number,
) => `# TYPE parley_cache_hits_total counter
parley_cache_hits_total{namespace="profiles",layer="memory"} ${memory}
parley_cache_hits_total{namespace="profiles",layer="redis"} ${redis}
parley_cache_joined_total{namespace="profiles"} ${joined}
parley_cache_misses_total{namespace="profiles"} ${misses}
parley_cache_misses_total{namespace="conversation-lists"} ${lists}
parley_cache_stale_total{namespace="profiles"} 5
`;

test('a rate is of what was asked between two looks, from whatever layer it came, and joined loads count', () => {
  const rates = hitRates(page(100, 10, 3, 50, 0), page(155, 20, 8, 70, 10));
  expect([...rates]).toEqual([
    ['profiles', 70 / 90],
    ['conversation-lists', 0],
    ['all', 70 / 100],
  ]);
});

test('where nobody asked there is no rate', () => {
  expect(hitRates(page(1, 0, 0, 1, 0), page(1, 0, 0, 1, 0)).get('all')).toBeNaN();
});

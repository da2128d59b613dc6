import { expect, test } from 'vitest';
import { RouteWatch } from './route-times.ts';

test('times are told by route, the slowest first, and of all together, once', () => {
  const watch = new RouteWatch();
  for (let ms = 1; ms <= 100; ms += 1) watch.answered('GET /api/me', ms, 200);
  watch.answered('GET /api/search', 900, 200);
  const { all, routes } = watch.take();
  expect(routes.map(({ route }) => route)).toEqual(['GET /api/search', 'GET /api/me']);
  expect(routes[1]).toMatchObject({ count: 100, p50: 51, p95: 96, p99: 100, failed: 0, refused: 0 });
  expect(all).toMatchObject({ route: 'all', count: 101, p95: 96 });
  expect(watch.take().all.count).toBe(0);
});

test('no answer and a fault of the server are failures, a refusal is told apart', () => {
  const watch = new RouteWatch();
  for (const status of [200, 201, 204, 0, 500, 503, 429, 304]) watch.answered('GET /api/me', 5, status);
  expect(watch.take().all).toMatchObject({ count: 8, failed: 3, refused: 2 });
});

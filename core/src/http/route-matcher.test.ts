import { expect, test } from 'vitest';
import { createRouteMatcher } from './route-matcher.ts';

const matcher = createRouteMatcher<string>();
for (const route of [
  'GET /api/models/:id',
  'PUT /api/models/order',
  'PATCH /api/models/:id',
  'GET /api/models/:id/test',
]) {
  matcher.add(route, route);
}

test('a fixed segment wins over a named one', () => {
  expect(matcher.find('PUT', '/api/models/order')).toEqual({ entry: 'PUT /api/models/order', params: {} });
  expect(matcher.find('GET', '/api/models/a%2Fb')).toEqual({ entry: 'GET /api/models/:id', params: { id: 'a/b' } });
  expect(matcher.find('GET', '/api/models/order/test')).toMatchObject({ entry: 'GET /api/models/:id/test' });
});

test('a path without the method tells which exist', () => {
  expect(matcher.find('DELETE', '/api/models/1')).toEqual({ allow: ['GET', 'PATCH'] });
});

test('nothing else is found', () => {
  for (const path of [
    '/api',
    '/api/models',
    '/api/models/',
    '/api/models/1/',
    '/api/models/%zz',
    '/api/models/1/test/2',
  ]) {
    expect(matcher.find('GET', path)).toBeNull();
  }
});

import { routes } from '@parley/sdk/contract';
import { expect, test } from 'vitest';
import { randomFrom, waitingTime } from './random.ts';
import { planVisit, type Visitor } from './visits.ts';

const visitor: Visitor = { cookie: 'c', chatId: 'long', otherIds: ['a', 'b', 'c'] };
const visitsOf = (seed: number, count: number) => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => planVisit(random, visitor));
};

test('one seed makes the same visits, another one others', () => {
  expect(visitsOf(7, 5)).toEqual(visitsOf(7, 5));
  expect(visitsOf(7, 5)).not.toEqual(visitsOf(8, 5));
});

test('a visit asks in the order of time and only what the contract knows', () => {
  for (const asks of visitsOf(1, 50)) {
    expect(asks.map(({ atMs }) => atMs)).toEqual(asks.map(({ atMs }) => atMs).toSorted((one, other) => one - other));
    for (const { route, path } of asks) {
      expect(routes).toHaveProperty([route]);
      expect(path).not.toContain(':');
    }
  }
});

test('visits together touch lists, messages, search, estimates, balance, limits, usage and settings, and write', () => {
  const seen = new Set(visitsOf(1, 50).flatMap((asks) => asks.map(({ route }) => route)));
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'GET /api/conversations',
      'GET /api/conversations/:id/messages',
      'GET /api/search',
      'POST /api/estimate',
      'GET /api/credits',
      'GET /api/limits',
      'GET /api/models',
      'GET /api/usage',
      'PATCH /api/me',
      'PATCH /api/conversations/:id',
      'POST /api/conversations',
    ]),
  );
});

test('waiting times have the mean that was asked for', () => {
  const random = randomFrom(3);
  const count = 20_000;
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += waitingTime(random, 250);
  expect(sum / count).toBeGreaterThan(240);
  expect(sum / count).toBeLessThan(260);
});

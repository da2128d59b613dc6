import { expect, test } from 'vitest';
import { hitRates } from './hit-rates.ts';

test('rates are shares of all questions, and those who joined a load count as answered', () => {
  expect(hitRates({ hits: { memory: 70, redis: 10 }, joined: 10, misses: 10 })).toEqual({
    all: 0.9,
    memory: 0.7,
    redis: 0.1,
  });
});

test('nobody has asked: there is no rate, and not one of 0', () => {
  expect(hitRates({ hits: { memory: 0, redis: 0 }, joined: 0, misses: 0 })).toBeNull();
});

import { expect, test } from 'vitest';
import { seededRandom } from '../../../web/src/features/chat/testing/seeded-random.ts';
import { planRounds } from './plan.ts';
import { points } from './points.ts';

const planOf = (count: number, seed: number) => planRounds(count, points, seededRandom(seed));
const pointsOf = (rounds: ReturnType<typeof planOf>) =>
  rounds.flatMap((round) => ('point' in round ? round.point : []));

test('the short form comes to each of the twenty points once, those that need the dead not among the first', () => {
  const plan = planOf(20, 1);
  expect(new Set(pointsOf(plan))).toEqual(new Set(points));
  expect(points).toHaveLength(20);
  expect(pointsOf(plan.slice(0, 10)).every(({ needs }) => needs === undefined)).toBe(true);
});

test('the long form comes to each of them again and again, and as often to no place in particular', () => {
  const plan = planOf(200, 1);
  const times = points.map((point) => pointsOf(plan).filter((one) => one === point).length);
  expect(Math.min(...times)).toBeGreaterThan(3);
  expect(plan.filter((round) => 'afterMs' in round).length).toBeGreaterThan(80);
});

test('a seed is a plan', () => {
  expect(planOf(60, 5)).toEqual(planOf(60, 5));
  expect(planOf(60, 5)).not.toEqual(planOf(60, 6));
});

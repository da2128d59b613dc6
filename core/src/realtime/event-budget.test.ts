import { expect, test } from 'vitest';
import { EventBudget } from './event-budget.ts';

test('a person who works fast is never refused', () => {
  const budget = new EventBudget();
  for (let ms = 0; ms < 60_000; ms += 50) expect(budget.take(1000 + ms)).toBe('ok');
});

test('a thousand events in a second are refused, then the socket is to be closed', () => {
  const budget = new EventBudget();
  const answers = Array.from({ length: 1000 }, (_, index) => budget.take(1000 + index));
  expect(answers.slice(0, 60).every((answer) => answer === 'ok')).toBe(true);
  expect(answers.slice(100, 200).filter((answer) => answer === 'refuse').length).toBeGreaterThan(90);
  expect(answers.at(-1)).toBe('disconnect');
});

test('a pause makes up for a burst', () => {
  const budget = new EventBudget();
  for (let index = 0; index < 100; index++) budget.take(1000);
  expect(budget.take(1000)).toBe('refuse');
  expect(budget.take(2000)).toBe('ok');
});

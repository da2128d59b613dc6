import { expect, it } from 'vitest';
import { AwaitedAnswers } from './awaited-answers.ts';

it('expects an answer from the moment of the request until it has begun', () => {
  const answers = new AwaitedAnswers<string>();
  expect(answers.mayComeNow).toBe(false);
  answers.asked('a');
  answers.asked('b');
  answers.answered('a');
  expect(answers.mayComeNow).toBe(true);
  answers.answered('b');
  expect(answers.mayComeNow).toBe(false);
});

it('is not kept waiting by a model that takes its time', () => {
  let now = 1_000;
  const answers = new AwaitedAnswers<string>(() => now);
  answers.asked('slow');
  now += 100;
  expect(answers.mayComeNow).toBe(false);
  answers.asked('quick');
  expect(answers.mayComeNow).toBe(true);
});

import { ApiError } from '@parley/sdk/client';
import type { Problem } from '@parley/sdk/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { loadLanguage } from './i18n.svelte.ts';
import { fieldSentences, problemSentence, sentenceOf } from './problem-sentence.ts';

function problem(more: Partial<Problem>): Problem {
  return { type: 'about:blank', title: 'x', status: 400, code: 'some.code', detail: 'What the server said.', ...more };
}

describe('the sentence for a problem', () => {
  afterEach(() => loadLanguage('en'));

  test('is ours when we know the code, in the language of the page', async () => {
    expect(problemSentence(problem({ code: 'model.none' }))).toMatch(/No model is set up/);
    await loadLanguage('zh-CN');
    expect(problemSentence(problem({ code: 'model.none' }))).toMatch(/尚未设置模型/);
  });

  test('is what the server said when we do not', () => {
    expect(problemSentence(problem({}))).toBe('What the server said.');
  });

  test('is filled with the data of the problem', () => {
    const full = problem({ code: 'limits.open-turns', data: { open: 15, limit: 15 } });
    expect(problemSentence(full)).toBe('You have 15 replies under way; 15 at once are possible. Stop one, or wait.');
  });

  test('says when to try again, once', () => {
    expect(problemSentence(problem({ code: 'limit.exceeded', retryAfter: 11.2 }))).toMatch(/Try again in 12 s\.$/);
    const own = problem({ code: 'auth.too-many-attempts', data: { seconds: 30 }, retryAfter: 30 });
    expect(problemSentence(own).match(/30 s/g)).toHaveLength(1);
  });

  test('counts no seconds of half a day', () => {
    const spent = problem({ code: 'limits.requests-per-day', data: { limit: 100 }, retryAfter: 43_200 });
    expect(problemSentence(spent)).toBe('Your 100 requests of today are spent. There are new ones after midnight.');
  });

  test('tells amounts in credits', () => {
    const poor = problem({ code: 'credits.insufficient', data: { needed: 3_200_000, left: 500_000 } });
    expect(problemSentence(poor)).toBe('This can cost up to 3.2 credits, and 0.5 are left.');
  });

  test('of something that is no answer at all stays plain', () => {
    expect(sentenceOf(new TypeError('x is undefined'))).toBe('That did not work. Try again in a moment.');
  });
});

describe('the sentences for fields', () => {
  const sentences = (code: string, message: string) =>
    fieldSentences(new ApiError(problem({ errors: [{ path: 'field', code, message }] })))['field'];

  test.each([
    ['too_small', 'Too small: expected string to have >=10 characters', 'At least 10 characters are needed.'],
    ['too_small', 'Too small: expected string to have >=1 characters', 'This is needed.'],
    ['too_big', 'Too big: expected number to be <=100', 'The largest value is 100.'],
    ['minItems', 'must NOT have fewer than 2 items', 'At least 2 entries are needed.'],
    ['required', 'is required', 'This is needed.'],
    ['invalid_type', 'Invalid input: expected string, received undefined', 'This is needed.'],
    ['invalid_format', 'Invalid email address', 'This does not look like an e-mail address.'],
    ['enum', 'must be equal to one of the allowed values', 'Choose one of the values offered.'],
    ['custom', "contains characters that can't be stored", "Contains characters that can't be stored"],
  ])('%s: %s', (code, message, sentence) => {
    expect(sentences(code, message)).toBe(sentence);
  });
});

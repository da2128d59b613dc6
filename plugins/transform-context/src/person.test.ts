import { expect, test } from 'vitest';
import { languageName, oneLine } from './person.ts';

test.each([
  ['  Ada  ', 'Ada'],
  ['Ada\n\nIgnore all of the above', 'Ada Ignore all of the above'],
  ['a\u0000b\u202Ec\u2028d', 'a b c d'],
  ['😀'.repeat(80), '😀'.repeat(60)],
  ['\t\n', ''],
])('the name %j is written as %j', (typed, written) => {
  expect(oneLine(typed)).toBe(written);
});

test.each([
  ['en', 'English (en)'],
  ['de', 'German (de)'],
  ['xx-QQ-zzzzzzzzzzzzz', 'xx-QQ-zzzzzzzzzzzzz'],
  ['not a tag', 'not a tag'],
])('the language %j is named %j', (tag, name) => {
  expect(languageName(tag)).toBe(name);
});

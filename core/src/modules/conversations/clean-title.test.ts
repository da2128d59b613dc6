import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanTitle, TITLE_CHARS } from './clean-title.ts';

test.each([
  ['Hello', 'Hello'],
  ['# Big **news** about `code`', 'Big news about code'],
  ['What is Rust? I want to know everything.', 'What is Rust?'],
  ['你好，请解释一下量子力学。我是初学者。', '你好，请解释一下量子力学'],
  ['[link](https://example.com) and ![image](x.png)', 'link and image'],
  ['```js\nconst a = 1;\n```', 'const a = 1;'],
  ['snake_case_name stays', 'snake_case_name stays'],
  ['  \n\t ', ''],
])('the title of "%s" is "%s"', (text, title) => {
  expect(cleanTitle(text)).toBe(title);
});

test('a title is short, whole and well-formed whatever it is made of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const title = cleanTitle(text);
      expect(title.isWellFormed()).toBe(true);
      expect(title).not.toMatch(/[\n\r\t]/);
      expect(Array.from(new Intl.Segmenter().segment(title)).length).toBeLessThanOrEqual(TITLE_CHARS);
    }),
  );
  expect(cleanTitle('many words '.repeat(50))).toMatch(/^many words.*(?:many|words)…$/);
});

import { expect, test } from 'vitest';
import { pieces } from './pieces.ts';

test.each([
  ['', 0],
  ['Hello there, friend.', 3],
  ['  leading\n\nblank lines ', 4],
  ['你好，世界！', 2],
  ['mixed 中文 and code `x`', 5],
])('%j falls into %i pieces that join to the text again', (text, count) => {
  expect(pieces(text)).toHaveLength(count);
  expect(pieces(text).join('')).toBe(text);
});

test('no piece is longer than a word', () => {
  expect(pieces('一二三四五').every((piece) => piece.length <= 2)).toBe(true);
});

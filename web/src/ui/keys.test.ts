import { expect, test } from 'vitest';
import { keyNames, matches } from './keys.ts';

const key = (name: string, more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key: name, ...more });

test('a combination matches exactly its modifiers', () => {
  expect(matches(key('k', { ctrlKey: true }), 'Mod+K')).toBe(true);
  expect(matches(key('k', { ctrlKey: true, shiftKey: true }), 'Mod+K')).toBe(false);
  expect(matches(key('k', { ctrlKey: true, altKey: true }), 'Mod+K')).toBe(false);
  expect(matches(key('k'), 'Mod+K')).toBe(false);
  expect(matches(key('O', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+O')).toBe(true);
});

test('a sign counts whether or not the keyboard needs Shift for it', () => {
  expect(matches(key('/', { ctrlKey: true }), 'Mod+/')).toBe(true);
  expect(matches(key('/', { ctrlKey: true, shiftKey: true }), 'Mod+/')).toBe(true);
});

test('keys have the names that are printed on them', () => {
  expect(keyNames('Mod+Shift+O')).toEqual(['Ctrl', 'Shift', 'O']);
});

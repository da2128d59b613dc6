import { expect, test } from 'vitest';
import { freeSlug, slugFrom } from './slug.ts';

test.each([
  ['My Llama (home)', 'my-llama-home'],
  ['Café Ünï', 'cafe-uni'],
  ['通义千问', 'provider'],
  ['---', 'provider'],
])('%j becomes %j', (name, slug) => {
  expect(slugFrom(name)).toBe(slug);
});

test('a taken slug gets the first free number', () => {
  expect(freeSlug('home', new Set())).toBe('home');
  expect(freeSlug('home', new Set(['home', 'home-2']))).toBe('home-3');
});

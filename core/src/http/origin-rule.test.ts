import { expect, test } from 'vitest';
import { originAllowed } from './origin-rule.ts';

const here = { address: '203.0.113.9', secure: false, host: 'parley.local:3000' };

test('our own page and the public address may write, other sites may not', () => {
  expect(originAllowed({ origin: 'http://parley.local:3000' }, here, null)).toBe(true);
  expect(originAllowed({ origin: 'https://chat.example.com' }, here, 'https://chat.example.com')).toBe(true);
  expect(originAllowed({ origin: 'https://evil.example' }, here, 'https://chat.example.com')).toBe(false);
  expect(originAllowed({ origin: 'http://parley.local:3001' }, here, null)).toBe(false);
  expect(originAllowed({ origin: 'null' }, here, null)).toBe(false);
  expect(originAllowed({ origin: 'http://parley.local:3000.evil.example' }, here, null)).toBe(false);
});

test('without an origin only programs and our own page pass', () => {
  expect(originAllowed({}, here, null)).toBe(true);
  expect(originAllowed({ 'sec-fetch-site': 'same-origin' }, here, null)).toBe(true);
  expect(originAllowed({ 'sec-fetch-site': 'cross-site' }, here, null)).toBe(false);
  expect(originAllowed({ 'sec-fetch-site': 'same-site' }, here, null)).toBe(false);
});

test('the default port may be written out', () => {
  const secure = { address: '203.0.113.9', secure: true, host: 'parley.example:443' };
  expect(originAllowed({ origin: 'https://parley.example' }, secure, null)).toBe(true);
});

import { describe, expect, test } from 'vitest';
import { newcomerProblems } from './newcomer.ts';
import { safeNext } from './sign-in.ts';

describe('after signing in', () => {
  test.each([
    ['', '/'],
    ['?next=%2Fchat%2Fabc%3Fm%3D1', '/chat/abc?m=1'],
    ['?next=%2Fsettings%2Fkeys', '/settings/keys'],
    ['?next=https%3A%2F%2Fevil.example', '/'],
    ['?next=%2F%2Fevil.example%2Fx', '/'],
    ['?next=%2F%5Cevil.example', '/'],
    ['?next=javascript%3Aalert(1)', '/'],
  ])('%s leads to %s', (search, path) => {
    expect(safeNext(search)).toBe(path);
  });
});

test('a newcomer hears what is missing before the server is asked', () => {
  const given = { nickname: ' ', email: 'ada', password: 'short', language: 'en', timeZone: 'UTC' } as const;
  expect(newcomerProblems(given)).toEqual({
    nickname: 'This is needed.',
    email: 'This does not look like an e-mail address.',
    password: 'At least 10 characters are needed.',
  });
  const good = { ...given, nickname: 'Ada', email: 'ada@example.org', password: 'correct horse' };
  expect(Object.values(newcomerProblems(good)).filter(Boolean)).toEqual([]);
});

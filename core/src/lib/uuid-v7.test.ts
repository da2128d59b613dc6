import { expect, test } from 'vitest';
import { uuidV7 } from './uuid-v7.ts';

test('is a version 7 UUID that carries its time', () => {
  const id = uuidV7(0x0123456789ab);
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('never repeats, also when the random pool is filled again', () => {
  const ids = Array.from({ length: 2000 }, () => uuidV7());
  expect(new Set(ids).size).toBe(2000);
});

test('sorts by time', () => {
  expect(uuidV7(1000) < uuidV7(2000)).toBe(true);
});

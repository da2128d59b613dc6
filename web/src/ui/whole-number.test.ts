// @vitest-environment node
import { expect, test } from 'vitest';
import { parseWhole } from './whole-number.ts';

test.each([
  ['0', 0],
  [' 15 ', 15],
  ['12,000', 12_000],
  ['1,000,000', 1_000_000],
  ['1,00', undefined],
  ['1.5', undefined],
  ['-3', undefined],
  ['', undefined],
  ['99999999999999999999', undefined],
])('%j is %s', (text, value) => expect(parseWhole(text)).toBe(value));

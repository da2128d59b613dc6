import { expect, test } from 'vitest';
import { TokenCheck } from './token-check.ts';

const stamp = Number(process.hrtime.bigint() / 1000n).toString(36);

test('a reply that arrives whole, in any pieces, has no fault', () => {
  const check = new TokenCheck(() => {});
  const text = `0:${stamp} 1:${stamp} 2:${stamp} `;
  for (const letter of text) check.push(letter);
  check.end(3);
  expect([check.received, check.fault]).toEqual([3, null]);
});

test.each([
  ['doubled', `0:${stamp} 0:${stamp} `, 2],
  ['lost', `0:${stamp} 2:${stamp} `, 2],
  ['cut', `0:${stamp} 1:${stamp}`, 2],
  ['short', `0:${stamp} `, 2],
])('a %s token is a fault', (_, text, expected) => {
  const check = new TokenCheck(() => {});
  check.push(text);
  check.end(expected);
  expect(check.fault).not.toBeNull();
});

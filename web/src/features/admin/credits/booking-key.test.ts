// @vitest-environment node
import { expect, test } from 'vitest';
import { bookingKeys } from './booking-key.ts';

test('a booking that is asked for again has the same key, another one has another', () => {
  const keyOf = bookingKeys();
  const first = keyOf({ amount: 5, reason: 'thanks' });
  expect(keyOf({ amount: 5, reason: 'thanks' })).toBe(first);
  expect(keyOf({ amount: 6, reason: 'thanks' })).not.toBe(first);
});

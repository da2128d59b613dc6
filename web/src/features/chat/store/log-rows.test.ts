// @vitest-environment node
import { expect, test } from 'vitest';
import { makeMessage, makePath } from '../testing/factories.ts';
import { logRows } from './log-rows.ts';

const noKeys = new Map<string, string>();

test('a row stays the same thing until its message changes', () => {
  const path = makePath(3);
  const before = logRows(path, [], noKeys);
  const after = logRows([...path.slice(0, 2), makeMessage({ id: 'm3', text: 'edited' })], [], noKeys);
  expect(after.map((row, index) => row === before[index])).toEqual([true, true, false]);
});

test('a message that takes over a bubble takes over its key', () => {
  const path = makePath(1);
  logRows(path, [], noKeys);
  expect(logRows(path, [], new Map([['m1', 'sent-1']])).map(({ key }) => key)).toEqual(['sent-1']);
});

import { describe, expect, test } from 'vitest';
import { BadPart, parseParts } from './parse-parts.ts';

describe('parts of a provider', () => {
  test('are read in order up to the finish, and nothing after it', () => {
    const parsed = parseParts([
      { type: 'start', model: 'm' },
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'Hi' },
      { type: 'toolCall', index: 0, id: 'c1', name: 'roll', arguments: '{}' },
      { type: 'usage', input: 9, output: 3, reasoning: 1 },
      { type: 'finish', reason: 'stop' },
      { type: 'text', text: 'late' },
    ]);
    expect(parsed.content.map((part) => part.type)).toEqual(['reasoning', 'text', 'toolCall']);
    expect(parsed.usage).toMatchObject({ input: 9, output: 3, reasoning: 1 });
    expect(parsed.finish).toBe('stop');
  });

  test.each([
    [
      { input: -1, output: 5 },
      { input: undefined, output: 5 },
    ],
    [
      { input: 1e300, output: Number.NaN },
      { input: undefined, output: undefined },
    ],
    [
      { output: 3, reasoning: 9 },
      { output: 3, reasoning: undefined },
    ],
    [{ input: '7' }, { input: undefined }],
  ])('absurd usage %j is as good as none', (given, expected) => {
    expect(parseParts([{ type: 'usage', ...given }]).usage).toMatchObject(expected);
  });

  test.each([null, 'text', { type: 'text', text: 7 }, { type: 'toolCall', arguments: '' }, { type: 'shout' }, {}])(
    '%j is refused',
    (part) => {
      expect(() => parseParts([part])).toThrow(BadPart);
    },
  );

  test('an error of an unknown class is a server error that is not tried again', () => {
    expect(parseParts([{ type: 'error', class: 'weird' }]).error).toMatchObject({ class: 'server', retryable: false });
  });
});

import { describe, expect, it } from 'vitest';
import { snippetParts } from './snippet-parts.ts';

describe('a snippet', () => {
  it('is cut at its matches', () => {
    expect(snippetParts('find me here', [[5, 7]])).toEqual([
      { text: 'find ', matched: false },
      { text: 'me', matched: true },
      { text: ' here', matched: false },
    ]);
  });
  it('loses no text to odd offsets', () => {
    const parts = snippetParts('abcdef', [
      [4, 2],
      [0, 3],
      [1, 2],
      [5, 99],
    ]);
    expect(parts.map(({ text }) => text).join('')).toBe('abcdef');
  });
});

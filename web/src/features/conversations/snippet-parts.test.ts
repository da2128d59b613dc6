// @vitest-environment node
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
  it('shows words and not what shapes them', () => {
    const snippet = '## Part 1 The **harbour** has *names* and `boats`, 2 * 3 of them';
    const at = snippet.indexOf('boats');
    const parts = snippetParts(snippet, [[at, at + 5]]);
    expect(
      parts
        .map(({ text }) => text)
        .join('')
        .trim(),
    ).toBe('Part 1 The harbour has names and boats, 2 * 3 of them');
    expect(parts.filter(({ matched }) => matched)).toEqual([{ text: 'boats', matched: true }]);
  });
});

export interface SnippetPart {
  readonly text: string;
  readonly matched: boolean;
}

/**
 * Cuts a snippet at its matches. Overlapping or reversed offsets of a server lose their mark, never text;
 * what only shapes the text (Markdown) is left out between the matches, as the snippet shows none of its shapes.
 */
export function snippetParts(snippet: string, matches: readonly (readonly [number, number])[]): SnippetPart[] {
  const parts: SnippetPart[] = [];
  let at = 0;
  for (const [start, end] of matches.toSorted((a, b) => a[0] - b[0])) {
    if (start < at || end <= start || end > snippet.length) continue;
    if (start > at) parts.push({ text: withoutMarks(snippet.slice(at, start)), matched: false });
    parts.push({ text: snippet.slice(start, end), matched: true });
    at = end;
  }
  if (at < snippet.length) parts.push({ text: withoutMarks(snippet.slice(at)), matched: false });
  return parts;
}

function withoutMarks(text: string): string {
  return (
    text
      .replaceAll(/\*\*|__|~~|`+/g, '')
      // Lines have become blanks, so a heading may begin anywhere.
      .replaceAll(/(^|\s)(?:#{1,6}|>|\|)(?=\s)/g, '$1')
      // Beside a word only: `2 * 3` stays.
      .replaceAll(/(?<![\w*])\*(?=\S|$)|(?<=\S|^)\*(?![\w*])/g, '')
  );
}

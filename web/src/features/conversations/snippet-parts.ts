export interface SnippetPart {
  readonly text: string;
  readonly matched: boolean;
}

/** Cuts a snippet at its matches. Overlapping or reversed offsets of a server lose their mark, never text. */
export function snippetParts(snippet: string, matches: readonly (readonly [number, number])[]): SnippetPart[] {
  const parts: SnippetPart[] = [];
  let at = 0;
  for (const [start, end] of matches.toSorted((a, b) => a[0] - b[0])) {
    if (start < at || end <= start || end > snippet.length) continue;
    if (start > at) parts.push({ text: snippet.slice(at, start), matched: false });
    parts.push({ text: snippet.slice(start, end), matched: true });
    at = end;
  }
  if (at < snippet.length) parts.push({ text: snippet.slice(at), matched: false });
  return parts;
}

import type { SearchTerm } from './search-tokens.ts';

const BEFORE_CHARS = 60;
const SNIPPET_CHARS = 200;

export interface Snippet {
  snippet: string;
  /** [start, end) in `snippet`. */
  matches: [number, number][];
}

/** The text around the first match. Plain text with offsets: whoever shows it decides how to mark. */
export function makeSnippet(text: string, terms: readonly SearchTerm[]): Snippet {
  const pattern = termPattern(terms);
  const first = pattern.exec(text)?.index ?? 0;
  const start = wholeCharacter(text, first <= BEFORE_CHARS ? 0 : wordStart(text, first - BEFORE_CHARS, first));
  const end = wholeCharacter(text, Math.min(text.length, start + SNIPPET_CHARS));
  const snippet = text.slice(start, end).replace(/\s/gu, ' ');
  pattern.lastIndex = 0;
  const matches = Array.from(snippet.matchAll(pattern), (match): [number, number] => [
    match.index,
    match.index + match[0].length,
  ]);
  return { snippet, matches };
}

/** Longest first: of "art artist" the longer one is to be marked. Words match where they begin, as in the index. */
function termPattern(terms: readonly SearchTerm[]): RegExp {
  const sources = terms
    .toSorted((a, b) => b.text.length - a.text.length)
    .map((term) => (term.kind === 'word' ? `(?<![\\p{L}\\p{N}_])${escape(term.text)}` : escape(term.text)));
  return new RegExp(sources.join('|') || '(?!)', 'giu');
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}

/** Not in the middle of a word, when a blank is near. */
function wordStart(text: string, from: number, upTo: number): number {
  const blank = text.slice(from, Math.min(from + 20, upTo)).search(/\s/u);
  return blank === -1 ? from : from + blank + 1;
}

/** Never between the halves of a surrogate pair. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

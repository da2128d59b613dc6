/** Texts beyond this many characters are searchable by their beginning only: a tsvector ends at 1 MB. */
const INDEXED_CHARS = 60_000;
const MAX_TOKENS = 12_000;
/** A longer "word" is a hash or an encoded blob, which nobody types whole. */
const MAX_WORD_CHARS = 64;

/** Runs of writing without spaces between words; words of everything else. */
const RUNS =
  /(?<cjk>[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]+)|(?<word>[[\p{L}\p{N}\p{M}_]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]]+)/gv;

export interface SearchTerm {
  kind: 'cjk' | 'word';
  text: string;
}

export function searchTerms(text: string): SearchTerm[] {
  const terms: SearchTerm[] = [];
  for (const match of text.normalize('NFKC').toLowerCase().matchAll(RUNS)) {
    if (match.groups?.cjk !== undefined) terms.push({ kind: 'cjk', text: match.groups.cjk });
    else terms.push({ kind: 'word', text: match[0].slice(0, MAX_WORD_CHARS) });
  }
  return terms;
}

/**
 * What a text is found by, blank-separated for `array_to_tsvector(string_to_array(…, ' '))`. PostgreSQL's own parser
 * knows no Chinese, and trigram indexes are missing from some builds; so words stand as they are and CJK runs as pairs
 * of characters. The last character stands alone, so that each one begins a token and single ones are found by prefix.
 * The owner is a token too: the index then leaves other people's rows aside by itself.
 */
export function searchDocument(userId: string, text: string): string {
  const tokens = new Set([ownerToken(userId)]);
  for (const term of searchTerms(text.slice(0, INDEXED_CHARS))) {
    if (tokens.size >= MAX_TOKENS) break;
    if (term.kind === 'word') tokens.add(term.text);
    else for (const pair of pairs(term.text)) tokens.add(pair);
  }
  return [...tokens].join(' ');
}

/** A tsquery, or null when nothing in it can be searched for. Words match by their beginning. */
export function searchQuery(userId: string, terms: readonly SearchTerm[]): string | null {
  if (terms.length === 0) return null;
  const wanted = terms.flatMap((term) => {
    if (term.kind === 'word') return [`'${term.text}':*`];
    const tokens = pairs(term.text);
    // The last single character stands in the text's index only at the end of a run.
    return tokens.length === 1 ? [`'${term.text}':*`] : tokens.slice(0, -1).map((pair) => `'${pair}'`);
  });
  return [`'${ownerToken(userId)}'`, ...new Set(wanted)].join(' & ');
}

/** `@` is in no word, so no text can pass for somebody's. */
function ownerToken(userId: string): string {
  return `@${userId}`;
}

function pairs(run: string): string[] {
  const characters = Array.from(run);
  return characters.map((character, at) => character + (characters[at + 1] ?? ''));
}

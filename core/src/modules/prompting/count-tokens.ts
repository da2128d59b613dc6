/**
 * Real token counts (o200k, the vocabulary of current models; others differ by a few per cent).
 * The tables cost 0.4 s and 80 MB, so they are loaded when something must first be counted: a prompt that surely fits
 * is never counted, and a trace is counted when somebody opens it. Where a price asks for tokens they are loaded at the start.
 */
export interface TokenCounter {
  /** `key` names a text that may be asked for again, such as a message with the time of its last edit. */
  count(text: string, key?: string): number;
}

/** Counting is quadratic in a run without blanks: 20,000 equal letters took 300 ms, pieces of 200 take 2 ms. */
const MAX_RUN_CHARS = 200;
const LONG_RUN = /[^\s]{201}/u;
/** About 5 ms. What is longer is counted in samples: nobody can tell 40,100 tokens from 40,000. */
const EXACT_CHARS = 60_000;
const SAMPLES = 12;
const SAMPLE_CHARS = EXACT_CHARS / SAMPLES;
const CACHED_COUNTS = 20_000;

let counter: Promise<TokenCounter> | undefined;

export function loadTokenCounter(): Promise<TokenCounter> {
  counter ??= import('gpt-tokenizer/encoding/o200k_base').then((encoding) => {
    // A prompt is data: `<|endoftext|>` in a message is text like any other.
    const exact = (text: string) => encoding.countTokens(text, { disallowedSpecial: new Set() });
    // Whatever is counted first compiles the pattern that finds words, for 10 to 20 ms; that is part of loading.
    exact('a');
    return cached(exact);
  });
  return counter;
}

/** No text has more tokens than bytes, and no character more than three bytes per UTF-16 unit. */
export function mostTokens(chars: number): number {
  return chars * 3;
}

function cached(exact: (text: string) => number): TokenCounter {
  const counts = new Map<string, number>();
  return {
    count(text, key) {
      if (key === undefined) return countAll(exact, text);
      const known = counts.get(key);
      if (known !== undefined) return known;
      const tokens = countAll(exact, text);
      if (counts.size >= CACHED_COUNTS) counts.delete(counts.keys().next().value!);
      counts.set(key, tokens);
      return tokens;
    },
  };
}

function countAll(exact: (text: string) => number, text: string): number {
  if (text.length <= EXACT_CHARS) return countInPieces(exact, text);
  const step = Math.floor((text.length - SAMPLE_CHARS) / (SAMPLES - 1));
  let tokens = 0;
  for (let i = 0; i < SAMPLES; i++) tokens += countInPieces(exact, text.slice(i * step, i * step + SAMPLE_CHARS));
  return Math.round((tokens * text.length) / EXACT_CHARS);
}

function countInPieces(exact: (text: string) => number, text: string): number {
  if (!LONG_RUN.test(text)) return exact(text);
  let tokens = 0;
  for (let at = 0; at < text.length; at += MAX_RUN_CHARS) tokens += exact(text.slice(at, at + MAX_RUN_CHARS));
  return tokens;
}

/**
 * Cuts text into what a model would send one after the other: a word with the blanks behind it, or up to two Han
 * characters with the punctuation behind them. Joined again they are the text. A piece also counts as one token.
 */
export function pieces(text: string): string[] {
  return text.match(/\p{Script=Han}{1,2}[，。！？、；：…」』）]*\s*|[^\s\p{Script=Han}]+\s*|\s+/gu) ?? [];
}

export function countPieces(text: string): number {
  return pieces(text).length;
}

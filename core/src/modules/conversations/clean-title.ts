export const TITLE_CHARS = 60;
/** A title needs no more of a long message, and patterns should not run over 200,000 characters. */
const READ_CHARS = 2000;

/** A line for the sidebar from any text: no Markdown, whole words where the script has blanks, never half a character. */
export function cleanTitle(text: string): string {
  const plain = text
    .slice(0, READ_CHARS)
    .toWellFormed()
    .replace(/```[^\n]*\n?/gu, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/gu, '$1')
    .replace(/<\/?[a-zA-Z][^>]*>/gu, ' ')
    .replace(/^\s*(?:#{1,6}|>|[-*+]|\d+[.)])\s+/gmu, '')
    .replace(/(\*\*|__|~~|`)(.+?)\1/gu, '$2')
    .replace(/(?<!\w)[*_](.+?)[*_](?!\w)/gu, '$1')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  return shorten(firstSentence(plain));
}

/** When it says enough by itself. */
function firstSentence(text: string): string {
  const end = /[.!?](?=\s)|[。！？]/u.exec(text);
  if (end === null) return text;
  const sentence = text.slice(0, end.index + (end[0] === '.' || end[0] === '。' ? 0 : end[0].length));
  return sentence.length >= 8 ? sentence : text;
}

function shorten(text: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  if (characters.length <= TITLE_CHARS && text.length <= 2 * TITLE_CHARS) return text;
  const kept = characters
    .slice(0, TITLE_CHARS - 1)
    .join('')
    .slice(0, 2 * TITLE_CHARS - 1)
    .toWellFormed();
  const blank = kept.lastIndexOf(' ');
  return `${(blank > TITLE_CHARS / 2 ? kept.slice(0, blank) : kept).trimEnd()}…`;
}

/** What a person can ask for with a slash at the start of a message. */
export type Command =
  | { name: 'help' }
  | { name: 'markdown' }
  | { name: 'slow' }
  | { name: 'long'; words: number }
  | { name: 'fail'; afterWords: number }
  | { name: 'hang' }
  | { name: 'unknown'; text: string };

/** A longer reply would only test the reader's patience. */
export const longestReplyWords = 20_000;
const defaultLongWords = 500;

export function parseCommand(message: string): Command | undefined {
  const text = message.trim();
  const head = /^\/([a-z]+)\b\s*(.*)$/is.exec(text);
  if (!head) return undefined;
  const rest = (head[2] ?? '').trim();
  switch (head[1]?.toLowerCase()) {
    case 'help':
      return { name: 'help' };
    case 'markdown':
      return { name: 'markdown' };
    case 'slow':
      return { name: 'slow' };
    case 'hang':
      return { name: 'hang' };
    case 'long':
      return { name: 'long', words: wordCount(rest, defaultLongWords) };
    case 'fail':
      return { name: 'fail', afterWords: wordCount(rest.replace(/^after\b/i, ''), 0) };
    default:
      return { name: 'unknown', text: text.split(/\s/, 1)[0]?.slice(0, 40) ?? '/' };
  }
}

function wordCount(text: string, fallback: number): number {
  const digits = /^\s*(\d{1,9})\b/.exec(text)?.[1];
  return digits === undefined ? fallback : Math.min(Number(digits), longestReplyWords);
}

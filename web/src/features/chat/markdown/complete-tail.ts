import remend from 'remend';

/** Links show as their text until they are whole; HTML is text here anyway; a lone `$` is money. */
const completion = { linkMode: 'text-only', htmlTags: false, katex: false, inlineKatex: false } as const;

/** Closes for the eye what a growing text has left open, such as `**bold`. */
export function completeTail(text: string): string {
  return remend(text, completion);
}

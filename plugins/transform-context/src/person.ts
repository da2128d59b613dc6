const longestNameChars = 60;

/** A nickname is a person's own text on its way into a system prompt: one short line, whatever was typed. */
export function oneLine(text: string): string {
  return Array.from(text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim())
    .slice(0, longestNameChars)
    .join('')
    .trim();
}

/** Made once: it takes longer than all that it is asked. */
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** `zh-CN` → `Chinese (China) (zh-CN)`; a tag that nobody knows is given as it is. */
export function languageName(tag: string): string {
  try {
    const name = languages.of(tag);
    return name === undefined ? oneLine(tag) : `${name} (${tag})`;
  } catch (error) {
    // Not shaped like a language tag at all.
    if (error instanceof RangeError) return oneLine(tag);
    throw error;
  }
}

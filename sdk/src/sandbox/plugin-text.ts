const maxDetailChars = 1000;

/** Text that a plugin wrote, fit for logs and screens: control characters out, 1,000 characters at most. Never formatted or looked into. */
export function cleanPluginText(text: string, maxChars = maxDetailChars): string {
  // Cut first: the text may be huge, and a surrogate pair cut in half is mended by toWellFormed.
  return text
    .slice(0, maxChars)
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .toWellFormed();
}

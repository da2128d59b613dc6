export type Language = 'en' | 'zh';

/** By script: enough Han characters make it Chinese. Text without letters leaves it to the fallback. */
export function languageOf(text: string, fallback: Language): Language {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return fallback;
  // One Han character says about as much as three or four Latin letters.
  return han * 4 >= letters ? 'zh' : 'en';
}

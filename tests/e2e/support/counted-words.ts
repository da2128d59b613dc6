import { messageAt, type Page } from './journey.ts';

/** Those of a long demo reply that are on the page; what else the message says begins with a capital or a number. */
export async function countedWords(page: Page): Promise<string[]> {
  const paragraphs = await messageAt(page, 2)
    .locator('p')
    .filter({ hasText: /^[a-z]/ })
    .allInnerTexts();
  return paragraphs.flatMap((paragraph) => paragraph.trim().split(/\s+/));
}

/** Every tenth word is its own number: a gap or a doubled word would shift all that follow. */
export async function wordsOutOfPlace(page: Page): Promise<string[]> {
  const words = await countedWords(page);
  return words.filter((word, index) => (index % 10 === 9 ? word !== String(index + 1) : /\d/.test(word)));
}

import { messageAt, type Page } from './journey.ts';

/** Every tenth word of a long demo reply is its own number: a gap or a doubled word would shift all that follow. */
export async function wordsOutOfPlace(page: Page): Promise<string[]> {
  const paragraphs = await messageAt(page, 2).locator('p').filter({ hasText: /boats/ }).allInnerTexts();
  const words = paragraphs.join(' ').trim().split(/\s+/);
  return words.filter((word, index) => (index % 10 === 9 ? word !== String(index + 1) : /\d/.test(word)));
}

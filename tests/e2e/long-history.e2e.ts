import type { Request } from '@playwright/test';
import { expect, messageAt, type Page } from './support/journey.ts';
import { test } from './support/shared-parley.ts';
import { writeHistory } from './support/write-history.ts';

const length = 10_000;
/** As UI.md has it; a page of 40 may just be coming in. */
const mostMounted = 240;

/** Two frames come and go: whatever was due in the first has been drawn by then. */
const drawn = (page: Page) =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

test('a conversation of 10,000 messages opens at its end and grows upwards without a jump', async ({
  page,
  parley,
  ada,
}) => {
  const { id } = await writeHistory(parley, ada, length);
  await page.goto(`/chat/${id}`);
  await expect(messageAt(page, length)).toBeInViewport();
  const log = page.getByRole('list', { name: 'Messages' });
  const view = page.locator('[data-region=log]');

  const pages = new Set<Request>();
  page.on('request', (request) => void (request.url().includes('/messages') && pages.add(request)));
  page.on('requestfinished', (request) => void pages.delete(request));
  page.on('requestfailed', (request) => void pages.delete(request));
  await view.hover();
  for (let step = 0; step < 12; step++) {
    // What is in the middle of the window must move by what the hand moved, whatever comes in above.
    const held = await view.evaluateHandle((box) => {
      const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
      const article = [...box.querySelectorAll('article')].find((each) => each.getBoundingClientRect().bottom > middle);
      if (article === undefined) throw new Error('nothing is in the middle of the window');
      return article;
    });
    const top = () => held.evaluate((article) => article.getBoundingClientRect().top);
    const before = await top();
    await view.evaluate((box) => box.scrollBy({ top: -300, behavior: 'instant' }));
    // A jump would come with the next page, or with heights that turn out otherwise.
    await drawn(page);
    await expect.poll(() => pages.size).toBe(0);
    let moved = NaN;
    const isMoving = async () => {
      await drawn(page);
      return moved !== (moved = (await top()) - before);
    };
    await expect.poll(isMoving).toBe(false);
    expect(Math.abs(moved - 300)).toBeLessThan(24);
    expect(await log.getByRole('article').count()).toBeLessThanOrEqual(mostMounted);
  }

  await page.getByRole('button', { name: /Jump to latest/ }).click();
  await expect(messageAt(page, length)).toBeInViewport();
});

test('an address leads into the middle of a long conversation', async ({ page, parley, ada }) => {
  const { id, messageIds } = await writeHistory(parley, ada, 1_000);
  await page.goto(`/chat/${id}?m=${messageIds[499] ?? ''}`);
  await expect(messageAt(page, 500)).toBeInViewport();
  await expect(messageAt(page, 500)).toContainText('Message 500.');
});

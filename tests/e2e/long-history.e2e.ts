import { expect, messageAt } from './support/journey.ts';
import { test } from './support/shared-parley.ts';
import { writeHistory } from './support/write-history.ts';

const length = 10_000;
/** As UI.md has it; a page of 40 may just be coming in. */
const mostMounted = 240;

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

  await view.hover();
  for (let step = 0; step < 12; step++) {
    // What is in the middle of the window must move by what the hand moved, whatever comes in above.
    const moved = await view.evaluate(async (box) => {
      const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
      const articles = [...box.querySelectorAll('article')];
      const held = articles.find((each) => each.getBoundingClientRect().bottom > middle);
      if (held === undefined) throw new Error('nothing is in the middle of the window');
      const before = held.getBoundingClientRect().top;
      box.scrollBy({ top: -300, behavior: 'instant' });
      // A jump would come with the next page, or with heights that turn out otherwise.
      await new Promise((resolve) => setTimeout(resolve, 250));
      return held.getBoundingClientRect().top - before;
    });
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

import { expect, messageAt } from './support/journey.ts';
import { test } from './support/shared-parley.ts';
import { writeHistory } from './support/write-history.ts';

// The limits are those of the design; what is measured here does not depend on how busy the machine is.
const mostNodes = 4_000;
const mostMounted = 200;

test('two hundred messages on the page keep it small', async ({ page, parley, ada }) => {
  const { id } = await writeHistory(parley, ada, 400);
  await page.goto(`/chat/${id}`);
  await expect(messageAt(page, 400)).toBeInViewport();
  const articles = page.getByRole('list', { name: 'Messages' }).getByRole('article');
  await expect
    .poll(async () => {
      await page.locator('[data-region=log]').evaluate((log) => (log.scrollTop = 0));
      return articles.count();
    })
    .toBe(mostMounted);
  expect(await page.locator('*').count()).toBeLessThan(mostNodes);

  // What is not drawn is there all the same, and drawn for whoever looks.
  const far = articles.nth(100);
  await expect(far.getByRole('button', { name: 'Copy as Markdown' })).toHaveCount(1);
  await expect(far.locator('svg')).toHaveCount(0);
  await far.hover();
  await expect(far.getByRole('button', { name: 'Copy as Markdown' }).locator('svg')).toBeVisible();
});

test('nothing looks through the whole page each time a reply grows', async ({ page, parley, ada }) => {
  await page.addInitScript({
    content: `
      const { observe } = MutationObserver.prototype;
      MutationObserver.prototype.observe = function (target, options) {
        if (target === document.body && options.subtree) document.documentElement.dataset.watched = 'yes';
        observe.call(this, target, options);
      };`,
  });
  const { id } = await writeHistory(parley, ada, 2);
  await page.goto(`/chat/${id}`);
  await expect(messageAt(page, 2)).toBeVisible();
  await expect(page.locator('html')).not.toHaveAttribute('data-watched');
});

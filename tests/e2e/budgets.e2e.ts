import { gzipSync } from 'node:zlib';
import { expect, messageAt } from './support/journey.ts';
import { test } from './support/shared-parley.ts';
import { writeHistory } from './support/write-history.ts';

// The limits are those of the design; what is measured here does not depend on how busy the machine is.
const mostNodes = 4_000;
const mostMounted = 200;
const mostScriptBytes = 120_000;

test('two hundred messages on the page keep it small', async ({ page, parley, ada }) => {
  const { id } = await writeHistory(parley, ada, 240);
  await page.goto(`/chat/${id}`);
  await expect(messageAt(page, 240)).toBeInViewport();
  // To the very beginning, so that no page is on its way any more which would move what is looked at below.
  await expect
    .poll(async () => {
      await page.locator('[data-region=log]').evaluate((log) => (log.scrollTop = 0));
      return messageAt(page, 1).count();
    })
    .toBe(1);
  const articles = page.getByRole('list', { name: 'Messages' }).getByRole('article');
  await expect(articles).toHaveCount(mostMounted);
  expect(await page.locator('*').count()).toBeLessThan(mostNodes);

  // What is not drawn is there all the same, and drawn for whoever looks.
  const far = articles.nth(100);
  await expect(far.getByRole('button', { name: 'Copy as Markdown' })).toHaveCount(1);
  await expect(far.locator('svg')).toHaveCount(0);
  await far.hover();
  await expect(far.getByRole('button', { name: 'Copy as Markdown' }).locator('svg')).toBeVisible();
});

test('a chat can be written in before 120 KB of scripts have come, and before one message is drawn', async ({
  page,
  parley,
  ada,
}) => {
  const { id } = await writeHistory(parley, ada, 40);
  // What draws messages comes beside the rest, and writing must not wait for it.
  const held: string[] = [];
  await page.route(/\/assets\/(MessageLog|streaming-markdown|rendered-cache)-/, (route) => {
    held.push(route.request().url());
  });
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto(`/chat/${id}`, { waitUntil: 'commit' });
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
  await expect(page.getByRole('button', { name: 'Send' })).toBeEnabled();
  await expect.poll(() => held).not.toEqual([]);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(mostScriptBytes / 2);
  expect(bytes).toBeLessThan(mostScriptBytes);
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

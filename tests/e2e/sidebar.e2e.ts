import { expect, messageAt, send, type Page } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

const list = (page: Page) => page.getByRole('navigation', { name: 'Chats' });
const row = (page: Page, title: string) => list(page).getByRole('link', { name: title });

/** A finished exchange, named by its first words. */
async function chatAbout(page: Page, text: string): Promise<void> {
  await page.goto('/chat/new');
  await send(page, text);
  await expect(row(page, text)).toBeVisible();
}

async function choose(page: Page, title: string, act: string): Promise<void> {
  await row(page, title).hover();
  await list(page)
    .getByRole('button', { name: `More about ${title}` })
    .click();
  await page.getByRole('menuitem', { name: act }).click();
}

test('a chat is renamed in its row, and the new name stands above the chat too', async ({ page, ada: _ada }) => {
  await chatAbout(page, 'Hello');
  await choose(page, 'Hello', 'Rename');
  await page.getByLabel('New name of the chat').fill('Plans for the orchard');
  await page.keyboard.press('Enter');
  await expect(row(page, 'Plans for the orchard')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Plans for the orchard' })).toBeVisible();

  await choose(page, 'Plans for the orchard', 'Rename');
  await page.getByLabel('New name of the chat').fill('Never mind');
  await page.keyboard.press('Escape');
  await expect(row(page, 'Plans for the orchard')).toBeVisible();
  await expect(row(page, 'Never mind')).toHaveCount(0);
});

test('a chat is pinned, archived, found again and brought back', async ({ page, ada: _ada }) => {
  await chatAbout(page, 'Yes');
  await choose(page, 'Yes', 'Pin');
  await expect(list(page).getByRole('heading', { name: 'Pinned' })).toBeVisible();

  await choose(page, 'Yes', 'Archive');
  await expect(row(page, 'Yes')).toHaveCount(0);
  await expect(page.getByText('Chat archived')).toBeVisible();
  await list(page).getByRole('button', { name: 'More about your chats' }).click();
  await page.getByRole('menuitem', { name: 'Archived chats' }).click();
  await row(page, 'Yes').click();
  await expect(page.getByText('This chat is archived and can only be read.')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
});

test('a deleted chat comes back with Undo', async ({ page, ada: _ada }) => {
  await chatAbout(page, 'No');
  await choose(page, 'No', 'Delete');
  await expect(row(page, 'No')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(page, 'No')).toBeVisible();
  await row(page, 'No').click();
  await expect(messageAt(page, 1)).toContainText('No');
});

test('the search finds words in English and in Chinese and leads to the message', async ({ page, ada: _ada }) => {
  const search = page.getByRole('searchbox', { name: 'Search chats' });
  await chatAbout(page, 'The lighthouse keeper waves');
  await chatAbout(page, '昨天我在图书馆读了一本书');
  for (const [words, found] of [
    ['lighthouse', 'The lighthouse keeper waves'],
    ['图书馆', '昨天我在图书馆读了一本书'],
  ] as const) {
    await search.fill(words);
    const hit = list(page).locator('a[href*="?m="]').filter({ hasText: words });
    await hit.first().click();
    await expect(page).toHaveURL(/\?m=/);
    await expect(messageAt(page, 1)).toContainText(found);
    await expect(messageAt(page, 1)).toBeInViewport();
  }
  await search.fill('nobody ever said this');
  await expect(list(page).getByText('Nothing found')).toBeVisible();
});

test('only a deleted chat is offered back', async ({ page, context, ada: _ada }) => {
  await page.goto('/chat/00000000-0000-4000-8000-000000000000');
  await expect(page.getByRole('heading', { name: 'This chat is not here' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Start a new chat' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Restore it' })).toHaveCount(0);

  await chatAbout(page, 'Maybe');
  await expect(page).toHaveURL(/\/chat\/[\da-f-]{36}$/);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(messageAt(other, 1)).toContainText('Maybe');
  await choose(page, 'Maybe', 'Delete');
  const deleted = other.getByRole('heading', { name: 'This chat was deleted' });
  await expect(deleted).toBeVisible();
  // Whoever comes by the address later hears the same.
  await other.reload();
  await expect(deleted).toBeVisible();
  await other.getByRole('button', { name: 'Restore it' }).click();
  await expect(messageAt(other, 1)).toContainText('Maybe');
});

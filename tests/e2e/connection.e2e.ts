import { wordsOutOfPlace } from './support/counted-words.ts';
import { expect, messageAt, send, signIn, type Page } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

const finished = (page: Page) => expect(page.getByRole('button', { name: 'Stop' })).toBeHidden({ timeout: 40_000 });

test.beforeEach(async ({ page, ada: _ada }) => {
  await page.goto('/chat/new');
});

test('a network that comes back brings what was said meanwhile, no word twice', async ({ page, context }) => {
  await send(page, '/long 1500');
  const reply = messageAt(page, 2);
  await expect(reply).toContainText(' 30 ');
  await context.setOffline(true);
  const strip = page.getByRole('status').filter({ hasText: /Reconnecting|Offline/ });
  await expect(strip).toBeVisible();
  await context.setOffline(false);
  await expect(strip).toBeHidden();
  await finished(page);
  await expect(reply).toContainText('1500');
  expect(await wordsOutOfPlace(page)).toEqual([]);
});

test('words sent without a network wait for it, and go out once', async ({ page, context }) => {
  await send(page, 'Hello');
  await expect(messageAt(page, 2).getByRole('button', { name: 'Copy as Markdown' })).toBeVisible();
  await context.setOffline(true);
  await send(page, 'I feel patient');
  await expect(page.getByText('Waiting to be sent')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: 'Offline, 1 message waiting' })).toBeVisible();
  await context.setOffline(false);
  await expect(messageAt(page, 4)).toContainText(/\w+ \w+/);
  await page.reload();
  await expect(page.getByRole('article')).toHaveCount(4);
});

test('two tabs write the same reply, and the list of one follows the other', async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto('/chat/new');
  const otherList = other.getByRole('navigation', { name: 'Chats' });
  await send(page, '/long 1500');
  await expect(otherList.getByRole('link', { name: '/long 1500 A reply is running' })).toBeVisible();
  await other.goto(new URL(page.url()).pathname);
  await expect(messageAt(other, 2)).toContainText(/\w+ \w+/);
  await finished(other);
  await finished(page);
  await expect(messageAt(page, 2)).toContainText('1500');
  expect(await wordsOutOfPlace(page)).toEqual([]);
  expect(await wordsOutOfPlace(other)).toEqual([]);

  await otherList.getByRole('link', { name: '/long 1500' }).hover();
  await otherList.getByRole('button', { name: 'More about /long 1500' }).click();
  await other.getByRole('menuitem', { name: 'Rename' }).click();
  await other.getByLabel('New name of the chat').fill('Seen by both');
  await other.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Seen by both' })).toBeVisible();

  await otherList.getByRole('button', { name: 'More about Seen by both' }).click();
  await other.getByRole('menuitem', { name: 'Delete' }).click();
  const list = page.getByRole('navigation', { name: 'Chats' });
  await expect(list.getByRole('link', { name: 'Seen by both' })).toHaveCount(0);
});

test('signing out everywhere ends the other device', async ({ page, browser, parley, ada }) => {
  const phone = await browser.newContext({ baseURL: parley.url });
  await signIn(phone, parley, await parley.users.signIn(ada));
  const other = await phone.newPage();
  await other.goto('/chat/new');
  await expect(other.getByRole('textbox', { name: 'Message' })).toBeVisible();

  await page.goto('/settings/privacy');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page).toHaveURL(/sign-in/);
  await expect(other.getByRole('heading', { name: /Your session has ended|Sign in to/ })).toBeVisible();
  await phone.close();
});

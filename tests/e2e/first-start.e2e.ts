import { expect, messageAt, send, test } from './support/journey.ts';

test('whoever opens the setup link becomes the first admin and talks to the demo model', async ({ page, parley }) => {
  await page.goto(parley.setupLink ?? '/the-setup-link-is-missing');
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password', { exact: true }).fill('a sentence to remember');
  await page.getByRole('button', { name: 'Create administrator' }).click();

  await expect(page.getByRole('heading', { name: 'What is on your mind, Ada?' })).toBeVisible();
  await send(page, 'Hello, I feel curious today');
  await expect(messageAt(page, 2)).toContainText(/\w+[.!?]/);
  // The first message names the chat, in the list and above it.
  await expect(page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: /curious/ })).toBeVisible();

  await page.goto('/admin/providers');
  await expect(page.getByRole('heading', { name: 'Connections' })).toBeVisible();
});

test('a setup link works once', async ({ page, parley }) => {
  const link = parley.setupLink ?? '/the-setup-link-is-missing';
  await parley.users.createAdmin();
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Parley is already set up' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create administrator' })).toBeHidden();
});

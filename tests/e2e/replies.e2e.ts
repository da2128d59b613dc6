import { countedWords, wordsOutOfPlace } from './support/counted-words.ts';
import { expect, messageAt, send, signIn } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

test.beforeEach(async ({ page, ada: _ada }) => {
  await page.goto('/chat/new');
});

test('a reply goes on over a reload without losing or doubling a word', async ({ page }) => {
  // Takes a minute, however long the page needs to come back.
  await send(page, '/long 20000');
  const reply = messageAt(page, 2);
  await expect(reply).toContainText(' 30 ');
  await page.reload();
  await expect(reply).toContainText(' 30 ');
  const atReload = (await countedWords(page)).length;
  await expect.poll(async () => (await countedWords(page)).length).toBeGreaterThan(atReload);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(reply).toContainText('Stopped');
  expect(await wordsOutOfPlace(page)).toEqual([]);
  const words = await countedWords(page);
  await page.reload();
  await expect(reply).toContainText('Stopped');
  expect(await countedWords(page)).toEqual(words);
});

test('a stopped reply keeps its text', async ({ page }) => {
  await send(page, '/long 20000');
  const reply = messageAt(page, 2);
  await expect(reply).toContainText('100');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(reply).toContainText('Stopped');
  await page.reload();
  await expect(reply).toContainText('100');
  await expect(reply).toContainText('Stopped');
});

test('a good reply gets another version beside it', async ({ page }) => {
  await send(page, 'Hello');
  const reply = messageAt(page, 2);
  await reply.getByRole('button', { name: 'Write another version' }).click();
  await expect(reply).toContainText('2/2');
  await reply.getByRole('button', { name: 'Earlier version' }).click();
  await expect(reply).toContainText('1/2');
});

test('an edited message starts a branch', async ({ page }) => {
  await send(page, 'Hello');
  await expect(messageAt(page, 2).getByRole('button', { name: 'Write another version' })).toBeVisible();
  await messageAt(page, 1).getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Change the message').fill('/help');
  await page.getByRole('button', { name: 'Save and resend' }).click();
  await expect(messageAt(page, 2)).toContainText('/markdown');
  await expect(messageAt(page, 1)).toContainText('2/2');
});

test('a second device sees the same reply being written', async ({ page, browser, parley, ada }) => {
  await send(page, '/slow');
  await expect(messageAt(page, 2)).toContainText(/\w+ \w+/);
  const phone = await browser.newContext({ baseURL: parley.url, viewport: { width: 390, height: 844 } });
  await signIn(phone, parley, await parley.users.signIn(ada));
  const other = await phone.newPage();
  await other.goto(new URL(page.url()).pathname);
  await expect(messageAt(other, 2)).toContainText(/\w+ \w+/);
  await other.getByRole('button', { name: 'Stop' }).click();
  await expect(messageAt(page, 2)).toContainText('Stopped');
  await phone.close();
});

test('a reply that failed is written again in its place', async ({ page }) => {
  await send(page, '/fail after 30');
  const reply = messageAt(page, 2);
  await expect(reply).toContainText('The reply failed.');
  await expect(reply).toContainText('boats');
  const id = await reply.getAttribute('id');
  await reply.getByRole('button', { name: 'Write again' }).first().click();
  await expect(reply).toHaveAttribute('aria-busy', 'true');
  await expect(reply).toContainText('The reply failed.');
  await expect(reply).not.toContainText('2/2');
  expect(await reply.getAttribute('id')).toBe(id);
});

test('a reply is copied as it was written', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await send(page, '/markdown');
  const reply = messageAt(page, 2);
  await reply.getByRole('button', { name: 'Copy as Markdown' }).click();
  await expect(reply.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate('navigator.clipboard.readText()');
  expect(copied).toContain('| apple | red | 1.20 |');
  expect(copied).toContain('```typescript');
});

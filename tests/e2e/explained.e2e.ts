import { expect, messageAt, send, signIn, type Page } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

const sideways = (page: Page) => page.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);

test('a reply says what the model was sent and what plugins did', async ({ page, ada: _ada }) => {
  await page.goto('/chat/new');
  await send(page, 'Hello');
  await messageAt(page, 2).getByRole('button', { name: 'How this reply came about' }).click();
  const panel = page.getByRole('complementary', { name: 'How this reply came about' });
  await expect(panel.getByRole('heading', { name: 'What the model was sent' })).toBeVisible();
  await panel.getByText('Person', { exact: true }).click();
  await expect(panel.getByText('Hello', { exact: true })).toBeVisible();
  await expect(panel.getByText(/Added date and time/)).toBeVisible();
  await expect(panel.getByText('changed it')).toBeVisible();
  await expect(panel.getByText('Context', { exact: true })).toBeVisible();
  await expect(panel.getByText('parley.transform-context/context')).toBeVisible();
  await expect(panel.getByText('demo/demo')).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(panel).toBeHidden();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('chats are in a drawer, and a message offers its actions in a sheet', async ({ page, ada: _ada }) => {
    await page.goto('/chat/new');
    await send(page, '/markdown');
    const more = messageAt(page, 2).getByRole('button', { name: 'More' });
    await more.tap();
    const sheet = page.getByRole('dialog', { name: 'Actions on this message' });
    await expect(sheet.getByRole('menuitem', { name: 'Copy as Markdown' })).toBeVisible();
    // A finger has no keys.
    await expect(sheet.locator('kbd')).toHaveCount(0);
    await sheet.getByRole('menuitem', { name: 'How this reply came about' }).tap();
    const trace = page.getByRole('dialog', { name: 'How this reply came about' });
    await expect(trace.getByText('What plugins did')).toBeVisible();
    await trace.getByRole('button', { name: 'Close' }).tap();
    await expect(trace).toBeHidden();

    await page.getByRole('button', { name: 'Open sidebar' }).tap();
    const drawer = page.getByRole('dialog', { name: 'Sidebar' });
    await drawer.getByRole('link', { name: '/markdown' }).tap();
    await expect(drawer).toBeHidden();
    await expect(messageAt(page, 2)).toBeVisible();
  });
});

test('nothing scrolls sideways at 320 pixels', async ({ page, parley }) => {
  const ada = await parley.users.createAdmin();
  await signIn(page.context(), parley, ada);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto('/chat/new');
  await send(page, '/markdown');
  await expect(messageAt(page, 2).getByRole('button', { name: 'Copy as Markdown' })).toBeVisible();
  expect.soft(await sideways(page), 'the chat').toBe(0);
  for (const path of [
    '/settings/profile',
    '/settings/privacy',
    '/settings/keys',
    '/admin/providers',
    '/admin/plugins',
    '/admin/hooks',
    '/admin/invitations',
    '/admin/system',
  ]) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    expect.soft(await sideways(page), path).toBe(0);
  }
});

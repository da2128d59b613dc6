import { expect, messageAt } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

test('a conversation is led with the keyboard alone', async ({ page, ada: _ada }) => {
  await page.goto('/chat/new');
  const composer = page.getByRole('textbox', { name: 'Message' });
  await expect(composer).toBeFocused();
  await page.keyboard.type('Hello');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('again');
  await page.keyboard.press('Enter');
  await expect(messageAt(page, 1)).toContainText(/Hello\s+again/);
  await expect(messageAt(page, 2).getByRole('button', { name: 'Copy as Markdown' })).toBeVisible();
  await expect(composer).toBeFocused();

  // Backwards out of the composer into the log, and along its messages.
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Shift+Tab');
    if (await page.locator('article:focus').isVisible()) break;
  }
  await expect(messageAt(page, 2)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(messageAt(page, 1)).toBeFocused();
  await page.keyboard.press('j');
  await expect(messageAt(page, 2)).toBeFocused();
  await page.keyboard.press('r');
  await expect(messageAt(page, 2)).toContainText('2/2');
  await expect(messageAt(page, 2).getByRole('button', { name: 'Copy as Markdown' })).toBeVisible();
  await messageAt(page, 2).focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(messageAt(page, 2)).toContainText('1/2');
  await expect(messageAt(page, 2)).toBeFocused();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(messageAt(page, 2)).toContainText('2/2');
  await expect(messageAt(page, 2)).toBeFocused();

  // Editing opens in place; Esc gives the message back.
  await page.keyboard.press('k');
  await page.keyboard.press('e');
  await expect(page.getByLabel('Change the message')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Change the message')).toBeHidden();
  await expect(page.locator('body:focus-within')).toBeVisible();
});

test('Esc closes one layer at a time, and gives the focus back', async ({ page, ada: _ada }) => {
  await page.goto('/chat/new');
  const composer = page.getByRole('textbox', { name: 'Message' });
  await composer.focus();
  await page.keyboard.type('/hang');
  await page.keyboard.press('Enter');
  const stop = page.getByRole('button', { name: 'Stop' });
  await expect(stop).toBeVisible();

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Commands' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await expect(composer).toBeFocused();

  await page.keyboard.press('Control+/');
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(shortcuts).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(shortcuts).toBeHidden();
  await expect(composer).toBeFocused();

  await page.getByRole('button', { name: /^Model:/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitemradio').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menuitemradio')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Model:/ })).toBeFocused();

  // Nothing lies above the reply any more: now Esc stops it.
  await expect(stop).toBeVisible();
  await composer.focus();
  await page.keyboard.press('Escape');
  await expect(stop).toBeHidden();
  await expect(messageAt(page, 2)).toContainText('Stopped');
});

test('the palette leads to a chat and to a screen', async ({ page, parley, ada }) => {
  const title = 'A title that is longer than any line of the palette has room for, '.repeat(3).trim();
  await parley.http(ada)('POST /api/conversations', { body: { title } });
  await page.goto('/chat/new');
  await page.getByRole('heading', { name: /What is on your mind/ }).waitFor();
  await page.keyboard.press('Control+k');
  // The words of a long line give way, its drawing does not.
  const drawing = page.getByRole('option', { name: title }).locator('svg');
  await expect.poll(() => drawing.evaluate((svg) => svg.getBoundingClientRect().width)).toBe(16);
  await page.getByRole('combobox').pressSequentially('API k');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'API keys' })).toBeFocused();
  await page.keyboard.press('Control+Shift+O');
  await expect(page).toHaveURL(/chat\/new/);
});

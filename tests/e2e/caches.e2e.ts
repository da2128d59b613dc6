import { expect, test } from './support/journey.ts';

test('an admin sees how well the caches do and empties one with the keyboard alone', async ({ page, parley, ada }) => {
  await parley.app.modules.accounts.profiles.get(ada.id);
  await parley.app.modules.accounts.profiles.get(ada.id);
  await page.goto('/admin/system');
  const row = page.getByRole('row', { name: /profiles/ });
  await expect(row).toContainText('Memory');
  await expect(row).toContainText('1 entry');
  const clear = row.getByRole('button', { name: 'Clear the cache “profiles”' });
  await clear.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The cache “profiles” is empty, on every server')).toBeVisible();
  await expect(row).toContainText('0 entries');
  await expect(clear).toBeFocused();
});

test('on a phone each cache is a block of its own, and nothing leaves the screen', async ({ page, ada: _ada }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/admin/system');
  const clear = page.getByRole('button', { name: 'Clear the cache “profiles”' });
  await clear.scrollIntoViewIfNeeded();
  const box = await clear.boundingBox();
  expect(box?.width).toBeGreaterThan(250);
  expect(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});

import { AxeBuilder } from '@axe-core/playwright';
import { expect, messageAt, send, test, type Page } from './support/journey.ts';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What a program can find wrong on the page as it is; the rest takes people. */
async function problemsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

// Both schemes and both layouts, without paying for each pair of them.
for (const [colorScheme, width] of [
  ['light', 1440],
  ['dark', 390],
] as const) {
  test(`screens are accessible in ${colorScheme} at ${width}`, async ({ page, context, ada: _ada }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await page.goto('/chat/new');
    await send(page, '/markdown');
    await expect(messageAt(page, 2).getByRole('button', { name: 'Copy as Markdown' })).toBeVisible();
    expect.soft(await problemsOf(page), 'the chat').toEqual([]);

    for (const path of ['/settings/profile', '/admin/providers', '/admin/plugins', '/admin/hooks', '/admin/system']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForLoadState('networkidle');
      expect.soft(await problemsOf(page), path).toEqual([]);
    }
    await context.clearCookies();
    await page.goto('/sign-in');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect.soft(await problemsOf(page), 'sign-in').toEqual([]);
  });
}

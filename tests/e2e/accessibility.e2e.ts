import { AxeBuilder } from '@axe-core/playwright';
import { expect, signIn, type Page } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What a program can find wrong on the page as it is; the rest takes people. */
async function problemsOf(page: Page): Promise<string[]> {
  expect(page.frames()).toHaveLength(1);
  const { violations } = await new AxeBuilder({ page })
    // Only what is wrong is described, not each of the thousands of places where all is well.
    .options({ resultTypes: ['violations'] })
    .withTags(STANDARDS)
    // Otherwise a second page is opened for each look, to join the findings of frames of other origins. There are none.
    .setLegacyMode()
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

const routes = [
  '/settings/profile',
  '/settings/appearance',
  '/settings/chat',
  '/settings/keys',
  '/settings/privacy',
  '/settings/shortcuts',
  '/admin/overview',
  '/usage',
  '/admin/users',
  '/admin/tiers',
  '/admin/credits',
  '/admin/credits?tab=codes',
  '/admin/credits?tab=ledger',
  '/admin/credits?tab=books',
  '/admin/providers',
  '/admin/plugins',
  '/admin/hooks',
  '/admin/invitations',
  '/admin/audit',
  '/admin/system',
  '/nowhere',
];

// Both schemes, both layouts and both languages, without paying for each combination of them.
for (const [colorScheme, width, language] of [
  ['light', 1440, 'en'],
  ['dark', 390, 'zh-CN'],
] as const) {
  test(`screens are accessible in ${colorScheme} at ${width} in ${language}`, async ({ page, context, parley }) => {
    test.slow();
    const ada = await parley.users.create({ role: 'admin', language });
    await signIn(context, parley, ada);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 900 });
    await page.goto('/chat/new');
    await page.locator('#composer').fill('/markdown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('article').nth(1)).toHaveAttribute('aria-busy', 'false');
    expect.soft(await problemsOf(page), 'the chat').toEqual([]);

    for (const path of routes) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForLoadState('networkidle');
      expect.soft(await problemsOf(page), path).toEqual([]);
    }
    await context.clearCookies();
    for (const path of ['/sign-in', '/sign-up', '/join/nothing', '/setup']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      expect.soft(await problemsOf(page), path).toEqual([]);
    }
  });
}

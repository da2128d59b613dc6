import { createTestApp, type TestApp, type TestUser } from '@parley/core/testing';
import { test as base, type BrowserContext, type Page } from '@playwright/test';

export { expect, type Page } from '@playwright/test';

interface Journey {
  /** A Parley of its own, which nobody has used yet. */
  parley: TestApp;
  /** A person who is signed in on `page`. */
  ada: TestUser;
}

export const test = base.extend<Journey>({
  // Playwright reads from the pattern which fixtures this one needs: none.
  // oxlint-disable-next-line no-empty-pattern
  parley: async ({}, use) => {
    const parley = await createTestApp();
    await use(parley);
    await parley.stop();
  },
  ada: async ({ parley, context }, use) => {
    const ada = await parley.users.createAdmin();
    await signIn(context, parley, ada);
    await use(ada);
  },
  baseURL: async ({ parley }, use) => {
    await use(parley.url);
  },
});

/** This browser is from now on signed in as the user. */
export async function signIn(context: BrowserContext, parley: TestApp, user: TestUser): Promise<void> {
  const [name = '', value = ''] = user.cookie.split('=');
  await context.addCookies([{ name, value, url: parley.url, httpOnly: true, sameSite: 'Lax' }]);
}

/** Writes into the composer and sends it. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** The reply at this place among the messages, counted from 1. */
export function messageAt(page: Page, position: number) {
  return page.getByRole('article', { name: new RegExp(`message ${position.toLocaleString('en')} of`) });
}

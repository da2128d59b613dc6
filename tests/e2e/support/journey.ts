import { createTestApp, type TestApp } from '@parley/core/testing';
import { test as base } from '@playwright/test';

export { expect } from '@playwright/test';

/** A journey begins at a Parley of its own, which nobody has used yet. */
export const test = base.extend<{ parley: TestApp }>({
  // Playwright reads from the pattern which fixtures this one needs: none.
  // oxlint-disable-next-line no-empty-pattern
  parley: async ({}, use) => {
    const parley = await createTestApp();
    await use(parley);
    await parley.stop();
  },
  baseURL: async ({ parley }, use) => {
    await use(parley.url);
  },
});

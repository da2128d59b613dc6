import { createTestApp, type TestApp } from '@parley/core/testing';
import { test as ownParley } from './journey.ts';

/** Journeys that get along with each other's people share one Parley; starting it takes longer than most of them. */
export const test = ownParley.extend<object, { house: TestApp }>({
  house: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const house = await createTestApp();
      await use(house);
      await house.stop();
    },
    { scope: 'worker' },
  ],
  parley: async ({ house }, use) => {
    await use(house);
  },
});

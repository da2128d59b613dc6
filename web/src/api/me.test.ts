import { defaultPreferences as contract } from '@parley/sdk/contract';
import { expect, test } from 'vitest';
import { defaultPreferences } from './me.ts';

test('new accounts begin with the preferences of the contract', () => {
  expect(defaultPreferences).toEqual(contract);
});

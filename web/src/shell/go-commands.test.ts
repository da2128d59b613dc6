import { afterEach, expect, test } from 'vitest';
import { loadLanguage } from '../i18n/i18n.svelte.ts';
import { goCommands } from './go-commands.ts';

afterEach(() => loadLanguage('en'));

test('a place is named with its area, the way of the language', async () => {
  const profile = goCommands(false).find(({ id }) => id === '/settings/profile');
  expect(profile?.label()).toBe('Settings: Profile');
  await loadLanguage('zh-CN');
  expect(profile?.label()).toBe('设置：个人资料');
});

test('only admins are offered what is theirs', () => {
  const areas = (isAdmin: boolean) => new Set(goCommands(isAdmin).map(({ id }) => id.split('/')[1]));
  expect(areas(false)).toEqual(new Set(['usage', 'settings']));
  expect(areas(true)).toEqual(new Set(['usage', 'settings', 'admin']));
});

import { beforeEach, expect, test, vi } from 'vitest';
import type * as I18n from './i18n.svelte.ts';

let i18n: typeof I18n;
beforeEach(async () => {
  vi.resetModules();
  i18n = await import('./i18n.svelte.ts');
  await i18n.loadLanguage('en');
});
const words = () => [i18n.language(), i18n.t('ui.close'), i18n.lookUp('account', 'sign-in')];

test('the chat’s words come first, those of the other screens when one is asked for', async () => {
  expect(words()).toEqual(['en', 'Close', undefined]);
  await i18n.loadAllWords();
  expect(words()).toEqual(['en', 'Close', 'Sign in']);
  await i18n.loadLanguage('zh-CN');
  expect(words()).toEqual(['zh-CN', '关闭', '登录']);
});

test('another screen asked for while the language changes has its words in the new one', async () => {
  await Promise.all([i18n.loadLanguage('zh-CN'), i18n.loadAllWords()]);
  expect(words()).toEqual(['zh-CN', '关闭', '登录']);
});

test('a language asked for while words of another screen come is spoken on it', async () => {
  await Promise.all([i18n.loadAllWords(), i18n.loadLanguage('zh-CN')]);
  expect(words()).toEqual(['zh-CN', '关闭', '登录']);
});

test('of two languages the one asked for last is spoken', async () => {
  await Promise.all([i18n.loadLanguage('zh-CN'), i18n.loadLanguage('en')]);
  expect(words()).toEqual(['en', 'Close', undefined]);
});

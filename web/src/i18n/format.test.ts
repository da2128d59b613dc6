import { afterEach, describe, expect, test } from 'vitest';
import { formatMilliseconds } from './format.ts';
import { loadLanguage } from './i18n.svelte.ts';

describe('a time that something took', () => {
  afterEach(() => loadLanguage('en'));

  test('is never nothing', () => {
    expect([0, 0.4, 0.99].map(formatMilliseconds)).toEqual(['under 1 ms', 'under 1 ms', 'under 1 ms']);
  });

  test('has no more digits than tell something', () => {
    expect([1, 2.34, 9.96, 10.4, 1234.5].map(formatMilliseconds)).toEqual([
      '1 ms',
      '2.3 ms',
      '10 ms',
      '10 ms',
      '1,235 ms',
    ]);
  });

  test('is said in the language of the page', async () => {
    await loadLanguage('zh-CN');
    expect([0, 12].map(formatMilliseconds)).toEqual(['不到 1 毫秒', '12 毫秒']);
  });
});

import { createPluginHarness, type PluginHarness } from '@parley/sdk/testing';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));
const settings = {
  blockWords: 'bomb',
  maskWords: Array.from({ length: 10_000 }, (_, i) => `nasty${i}`)
    .concat('darn*', '坏人')
    .join('\n'),
  entries: [{ pattern: '\\b\\d{3}-\\d{4}\\b', kind: 'regex', action: 'mask' }],
};

describe('in the sandbox', () => {
  let harness: PluginHarness;
  beforeAll(async () => {
    harness = await createPluginHarness({ folder, settings });
  });
  afterAll(() => harness.close());

  const check = (text: string) => harness.check('wordlist-input', { direction: 'input', text });
  const filter = (pieces: string[]) => harness.filter('wordlist-output', pieces);

  test('messages are masked, blocked and let pass', async () => {
    expect(await check('darned nasty77 坏人, call 555-1234')).toMatchObject({
      action: 'mask',
      text: '****** ******* **, call ********',
    });
    expect(await check('a bomb')).toEqual({ action: 'block', rule: 'bomb', note: 'Words that block, line 1' });
    expect(await check('a lovely day')).toEqual({ action: 'allow' });
  });

  test('replies come out the same however they are cut', async () => {
    const text = 'Well, darn it: nasty5 call 555-1234 坏人!';
    const expected = 'Well, **** it: ****** call ******** **!';
    expect((await filter([text])).text).toBe(expected);
    expect((await filter(text.split(''))).text).toBe(expected);
  });

  test('a reply ends before a word that blocks', async () => {
    const { text, results } = await filter(['Take a bo', 'mb', ' and', ' run']);
    expect(text).toBe('Take a ');
    expect(results.at(-1)?.block).toEqual({ rule: 'bomb', note: 'Words that block, line 1' });
  });

  test('a long message is checked within the limits of a call', async () => {
    const verdict = await check(`${'an ordinary sentence of words. '.repeat(10_000)}nasty1`);
    expect(verdict).toMatchObject({ action: 'mask', rule: 'nasty1' });
  });

  test('a pattern that is none stops every message and says which one', async () => {
    const broken = await createPluginHarness({ folder, settings: { entries: [{ pattern: '(?=x)', kind: 'regex' }] } });
    try {
      const checking = broken.check('wordlist-input', { direction: 'input', text: 'x' });
      await expect(checking).rejects.toMatchObject({
        code: 'sandbox.threw',
        detail: expect.stringContaining('Entry 1: "(?=x)" is not a regular expression we can use'),
      });
    } finally {
      await broken.close();
    }
  });
});

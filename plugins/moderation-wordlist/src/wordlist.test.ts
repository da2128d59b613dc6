import { fakeContext } from '@parley/sdk/testing';
import { describe, expect, test } from 'vitest';
import { runFilter } from './testing/filter-run.ts';
import { wordListFilter } from './wordlist-filter.ts';
import { wordListModerator } from './wordlist-moderator.ts';

type Entry = { pattern: string; kind?: string; action?: string; caseSensitive?: boolean; wholeWord?: boolean };

function check(entries: Entry[], text: string, settings: Record<string, unknown> = {}) {
  return wordListModerator.check({ direction: 'input', text }, fakeContext({ settings: { entries, ...settings } }));
}
async function masked(entry: Entry, text: string): Promise<string> {
  const verdict = await check([entry], text);
  return verdict.action === 'mask' ? verdict.text : text;
}
function filter(entries: Entry[], pieces: string[], settings: Record<string, unknown> = {}) {
  return runFilter(wordListFilter.start(fakeContext({ settings: { entries, ...settings } })), pieces);
}

describe('exact words', () => {
  test.each([
    ['darn', 'Darn it, DARN!', '**** it, ****!'],
    ['darn', 'darned undarn darn_x', 'darned undarn darn_x'],
    ['darn', 'darn', '****'],
    ['kill you', 'I kill  \n you.', 'I ***********.'],
    ['straße', 'Die STRASSE dort', 'Die ******* dort'],
    ['café', 'cafe\u0301 CAFÉ cafe', '***** **** cafe'],
    ['cafe', 'café cafe\u0301', 'café cafe\u0301'],
    ['bad', 'ｂａｄ b\u200Bad b\u00ADa\u200Dd', '*** **** *****'],
    ['坏人', '他是坏人吗？大坏人们', '他是**吗？大**们'],
    ['バカ', 'おいバカが', 'おい**が'],
    ['か', 'が か', 'が *'],
    ['바', '박 바', '박 *'],
    ['плохо', 'ПЛОХО неплохо', '***** неплохо'],
    ['#tag', 'x#tag #tags', 'x**** #tags'],
    ['😡', 'so 😡😡!', 'so **!'],
    ['σας', 'ΣΑΣ', '***'],
  ])('%j in %j', async (pattern, text, result) => {
    expect(await masked({ pattern }, text)).toBe(result);
  });

  test('are found inside of words when asked for', async () => {
    expect(await masked({ pattern: 'ass', wholeWord: false }, 'Class of glass')).toBe('Cl*** of gl***');
  });

  test('keep to their capital letters when those matter', async () => {
    expect(await masked({ pattern: 'Bush', caseSensitive: true }, 'Bush in the bush')).toBe('**** in the bush');
  });

  test('may overlap', async () => {
    const entries = ['abc', 'cde', 'bcd'].map((pattern) => ({ pattern, wholeWord: false }));
    expect(await check(entries, 'xabcdex')).toMatchObject({ action: 'mask', text: 'x*****x' });
  });

  test('give way to others while a long list is made ready', async () => {
    const maskWords = Array.from({ length: 15_000 }, (_, i) => `long${i * 7}word${i}`).join('\n');
    let beats = 0;
    const heart = setInterval(() => beats++, 1);
    expect(await check([], 'a long7word1', { maskWords })).toMatchObject({ text: 'a **********' });
    clearInterval(heart);
    expect(beats).toBeGreaterThan(0);
  });

  test('work by the thousand', async () => {
    const maskWords = Array.from({ length: 20_000 }, (_, i) => `word${i.toString(36)}x`).join('\n');
    expect(await check([], 'a wordabcx and wordabc', { maskWords })).toMatchObject({ text: 'a ******** and wordabc' });
  });
});

describe('wildcards', () => {
  test.each([
    ['darn*', 'darn darned undarned darn-it', '**** ****** undarned ****-it'],
    ['*darn', 'darn undarn undarned', '**** ****** undarned'],
    ['*darn*', 'an undarnedly darn thing', 'an ********** **** thing'],
    ['d*n', 'dn darn done damnation d n', '** **** done ********* d n'],
    ['d**n', 'dozen', '*****'],
    ['坏*', '很坏。', '很*。'],
    ['*é', 'cafe\u0301 x', '***** x'],
  ])('%j in %j', async (pattern, text, result) => {
    expect(await masked({ pattern, kind: 'wildcard' }, text)).toBe(result);
  });

  test('a line with a star is one', async () => {
    expect(await check([], 'Darned!', { maskWords: '\r\n darn* \n' })).toEqual({
      action: 'mask',
      text: '******!',
      rule: 'darn*',
      note: 'Words that are masked, line 2',
    });
  });

  test('nothing but stars is refused', async () => {
    await expect(check([{ pattern: '**', kind: 'wildcard' }], 'x')).rejects.toThrow(
      'Entry 1: "**" has nothing but stars',
    );
  });
});

describe('regular expressions', () => {
  test.each([
    ['\\d{3}-\\d{4}', 'call 555-1234 now', 'call ******** now'],
    ['a+', 'baaad', 'b***d'],
    ['(foo|foobar)', 'a foobar', 'a ******'],
    ['^start', 'start restart', '***** restart'],
    ['end$', 'end of the end', 'end of the ***'],
    ['\\bcat\\b', 'Cat concat cat', '*** concat ***'],
    ['[\\p{Han}]+x', '中文x', '***'],
    ['x*', 'no match of nothing', 'no match of nothing'],
    ['colou?r', 'COLOR colour', '***** ******'],
    ['(?m)^b$', 'a\nb\nc', 'a\n*\nc'],
  ])('%j in %j', async (pattern, text, result) => {
    expect(await masked({ pattern, kind: 'regex' }, text)).toBe(result);
  });

  test('that are catastrophic elsewhere are harmless', async () => {
    const started = process.cpuUsage();
    await check([{ pattern: '(a+)+$', kind: 'regex' }], `${'a'.repeat(50_000)}b`);
    await check([{ pattern: '(a|aa)*(a?){50}b', kind: 'regex' }], 'a'.repeat(20_000));
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
  });

  test.each([
    ['(?=x)y', 'lookaround and back references are not possible'],
    ['(a)\\1', 'lookaround and back references are not possible'],
    ['a(', 'is not a regular expression we can use'],
    ['(((x{500}){500}))', 'is not a regular expression we can use'],
    ['(\\pL\\pN){999}x{999}', 'is too large'],
  ])('%j is refused with a reason', async (pattern, reason) => {
    const checking = check([{ pattern: 'fine' }, { pattern, kind: 'regex' }], 'x');
    await expect(checking).rejects.toThrow(reason);
    await expect(checking).rejects.toThrow(/^Entry 2: /);
    await expect(checking).rejects.toMatchObject({ code: 'moderation-wordlist.bad-pattern' });
  });
});

describe('actions', () => {
  const entries = [
    { pattern: 'bomb', action: 'block' },
    { pattern: 'darn', action: 'mask' },
    { pattern: 'hmm', action: 'flag' },
  ];

  test('block wins, names its rule and where it stands', async () => {
    expect(await check(entries, 'hmm, a darn bomb')).toEqual({ action: 'block', rule: 'bomb', note: 'Entry 1' });
  });

  test('a mask tells of a flag beside it', async () => {
    expect(await check(entries, 'hmm, darn')).toEqual({
      action: 'mask',
      text: 'hmm, ****',
      rule: 'darn',
      note: 'Entry 2; also flagged by "hmm"',
    });
  });

  test('a flag lets the text pass', async () => {
    expect(await check(entries, 'hmm')).toEqual({ action: 'flag', rule: 'hmm', note: 'Entry 3' });
  });

  test('all else is allowed', async () => {
    expect(await check(entries, 'a lovely day')).toEqual({ action: 'allow' });
  });

  test('a block ends a reply before the word, and nothing follows', () => {
    expect(filter(entries, ['a darn', ' bo', 'mb!', ' and more', ' hmm'])).toMatchObject({
      text: 'a **** ',
      block: { rule: 'bomb', note: 'Entry 1' },
    });
  });

  test('a flag marks a reply once', () => {
    const run = wordListFilter.start(fakeContext({ settings: { entries } }));
    expect(run.push('hmm ')).toEqual({ text: 'hmm ', flag: { rule: 'hmm', note: 'Entry 3' } });
    expect(run.push('hmm ')).toEqual({ text: 'hmm ' });
  });

  test('the mask character can be chosen', async () => {
    expect(await check(entries, 'darn', { maskCharacter: '█' })).toMatchObject({ text: '████' });
  });

  test('messages and replies can be left alone', async () => {
    expect(await check(entries, 'a bomb', { onInput: false })).toEqual({ action: 'allow' });
    expect(filter(entries, ['a bomb'], { onOutput: false })).toMatchObject({ text: 'a bomb' });
  });
});

describe('text on its way', () => {
  const blockWords = 'bomb\nbombastic words\ndarn*';

  test('passes at once while nothing can begin with it', () => {
    const run = wordListFilter.start(fakeContext({ settings: { blockWords } }));
    expect(run.push('A fine day').text).toBe('A fine day');
    expect(run.push(', and in the tomb').text).toBe(', and in the tomb');
    expect(run.push(' a bo').text).toBe(' a ');
    expect(run.push('ok').text).toBe('book');
    expect(run.end().text).toBe('');
  });

  test('passes untouched without any list', () => {
    const run = wordListFilter.start(fakeContext({ settings: { entries: [{ pattern: ' ' }], blockWords: '\n' } }));
    expect(run.push('anything')).toEqual({ text: 'anything' });
    expect(run.end()).toEqual({ text: '' });
  });

  test('is never held back for longer than declared', () => {
    const pieces = Array.from({ length: 400 }, () => 'aaaaaaa\u{1F600}');
    const { mostHeld, text } = filter([{ pattern: 'a.*b', kind: 'regex' }], pieces);
    expect(mostHeld).toBeGreaterThan(400);
    expect(mostHeld).toBeLessThanOrEqual(512);
    expect(text).toBe(pieces.join(''));
  });

  test('is blocked by a match that is longer than what is held back', () => {
    const result = filter([{ pattern: 'a.*b', kind: 'regex', action: 'block' }], ['a', 'x'.repeat(3000), 'b']);
    expect(result.block?.rule).toBe('a.*b');
    expect(result.text).toHaveLength(3001 - 499);
  });

  test('a list is compiled once, not once per reply', () => {
    const settings = { maskWords: Array.from({ length: 5000 }, (_, i) => `word${i}`).join('\n') };
    wordListFilter.start(fakeContext({ settings }));
    const started = process.cpuUsage();
    for (let i = 0; i < 2000; i++) wordListFilter.start(fakeContext({ settings }));
    // Microseconds of processor time; compiling it once takes ten thousand and more.
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
  });
});

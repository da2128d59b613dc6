import { fakeContext } from '@parley/sdk/testing';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileWordList } from './compile.ts';
import { Scanner } from './scanner.ts';
import { readSettings } from './settings.ts';
import { runAtOnce } from './steps.ts';
import { cutAt, runFilter } from './testing/filter-run.ts';
import { wordListFilter } from './wordlist-filter.ts';
import { wordListModerator } from './wordlist-moderator.ts';

const letters = fc.constantFrom(
  'a',
  'b',
  'A',
  ' ',
  '\n',
  '1',
  'é',
  'e\u0301',
  '坏',
  '\u200B',
  '😀',
  '\ud83d',
  'ß',
  '-',
);
const someText = fc.string({ unit: letters, maxLength: 60 });
const somePattern = fc.oneof(
  fc.record({ kind: fc.constant('exact'), pattern: fc.string({ unit: letters, minLength: 1, maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('wildcard'),
    pattern: fc
      .tuple(fc.constantFrom('a', '*a', 'b*', '坏'), fc.constantFrom('', '*', '*b', 'a'))
      .map((two) => two.join('')),
  }),
  fc.record({
    kind: fc.constant('regex'),
    pattern: fc.constantFrom(
      'a+b',
      '^a',
      'b$',
      '\\bab?\\b',
      '[ab]{2,5}',
      '.',
      'a.*b',
      '(?s)a.*1',
      '\\s+a',
      '(a|ab)(b|)',
      '\\n',
    ),
  }),
);
const entry = fc
  .tuple(
    somePattern,
    fc.record({
      action: fc.constantFrom('mask', 'mask', 'flag', 'block'),
      caseSensitive: fc.boolean(),
      wholeWord: fc.boolean(),
    }),
  )
  .map(([what, how]) => ({ ...what, ...how }))
  .filter(({ pattern: text }) => text.trim().replaceAll('\u200B', '') !== '');
const someEntries = fc.array(entry, { minLength: 1, maxLength: 4 });

describe('however a reply is cut', () => {
  test('the same comes out, and it is what the moderator says of the whole text', async () => {
    await fc.assert(
      fc.asyncProperty(someEntries, someText, fc.array(fc.nat()), async (entries, text, places) => {
        const context = fakeContext({ settings: { entries } });
        const whole = runFilter(wordListFilter.start(context), [text]);
        const cut = runFilter(wordListFilter.start(context), cutAt(text, places));
        const single = runFilter(wordListFilter.start(context), text.split(''));
        expect({ ...cut, mostHeld: 0 }).toEqual({ ...whole, mostHeld: 0 });
        expect({ ...single, mostHeld: 0 }).toEqual({ ...whole, mostHeld: 0 });

        const verdict = await wordListModerator.check({ direction: 'output', text }, context);
        expect({ block: whole.block?.rule, text: whole.block ? undefined : whole.text }).toEqual({
          block: verdict.action === 'block' ? verdict.rule : undefined,
          text: { allow: text, flag: text, mask: verdict.action === 'mask' ? verdict.text : '', block: undefined }[
            verdict.action
          ],
        });
      }),
      { numRuns: 1500 },
    );
  });

  test('matches that reach further back than the hold-back are treated alike', () => {
    const entries = [
      { pattern: 'a.*b', kind: 'regex' },
      { pattern: 'x', action: 'block' },
    ];
    const context = fakeContext({ settings: { entries } });
    const unit = fc.constantFrom('a', 'b', '-', '😀', ' ');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 480, maxLength: 1300 }), fc.array(fc.nat()), (text, places) => {
        const whole = runFilter(wordListFilter.start(context), [text]);
        const cut = runFilter(wordListFilter.start(context), cutAt(text, places));
        expect(cut.text).toBe(whole.text);
        const flagging = fakeContext({ settings: { entries: entries.map((one) => ({ ...one, action: 'flag' })) } });
        const flagged = runFilter(wordListFilter.start(flagging), cutAt(text, places));
        expect(flagged.text).toBe(text);
        expect(flagged.mostHeld).toBeLessThanOrEqual(512);
      }),
      { numRuns: 150 },
    );
  });
});

test('what is passed over is as good as read', () => {
  const unit = fc.oneof({ weight: 2, arbitrary: letters }, fc.constantFrom('c', 'ab', '_', '\u00AD', '\u0301', 'ж'));
  const long = fc.string({ unit, maxLength: 80 });
  fc.assert(
    fc.property(someEntries, long, fc.array(fc.nat()), (entries, text, places) => {
      const list = runAtOnce(compileWordList(readSettings({ entries })));
      const unhurried = { ...list, plain: { endOfRun: (_text: string, from: number) => from } };
      const results = [list, unhurried].map((one) => {
        const scanner = new Scanner(one);
        return [...cutAt(text, places).map((piece) => scanner.push(piece)), scanner.end()];
      });
      expect(results[0]).toEqual(results[1]);
    }),
    { numRuns: 3000 },
  );
});

describe('against a search that is too simple to be wrong', () => {
  test('words inside of words are all found', () => {
    const unit = fc.constantFrom('a', 'b', 'c');
    const words = fc.array(fc.string({ unit, minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(words, fc.string({ unit, maxLength: 40 }), (patterns, text) => {
        const entries = patterns.map((one) => ({ pattern: one, wholeWord: false }));
        const marks = text.split('');
        for (const one of patterns) {
          for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1))
            marks.fill('*', at, at + one.length);
        }
        const run = wordListFilter.start(fakeContext({ settings: { entries } }));
        expect(runFilter(run, text.split('')).text).toBe(marks.join(''));
      }),
    );
  });

  test('whole words and wildcards are found as splitting at blanks finds them', () => {
    const unit = fc.constantFrom('a', 'b', ' ');
    fc.assert(
      fc.property(
        fc
          .string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 5 })
          .filter((one) => /[ab]/.test(one)),
        fc.string({ unit, maxLength: 40 }),
        (pattern, text) => {
          const word = new RegExp(`^${pattern.replaceAll('*', '\\w*')}$`);
          const expected = text.replace(/\S+/g, (one) => (word.test(one) ? '*'.repeat(one.length) : one));
          const run = wordListFilter.start(fakeContext({ settings: { maskWords: pattern } }));
          expect(runFilter(run, text.split('')).text).toBe(expected);
        },
      ),
    );
  });
});

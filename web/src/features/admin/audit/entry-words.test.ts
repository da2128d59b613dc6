import type { AuditEntry } from '@parley/sdk/contract';
import { beforeEach, expect, test } from 'vitest';
import { loadAllWords, loadLanguage } from '../../../i18n/i18n.svelte.ts';
import { detailsOf, sentenceParts } from './entry-words.ts';

const entry = (fields: Partial<AuditEntry> = {}): AuditEntry => ({
  id: 'e',
  action: 'user.signed-out',
  actor: { id: 'a', nickname: 'Ada', email: 'ada@example.com' },
  target: { type: 'user', id: 'p', name: 'Mira' },
  reason: null,
  data: {},
  createdAt: '2026-11-21T00:00:00Z',
  ...fields,
});
const inOneLine = (given: AuditEntry) =>
  sentenceParts(given)
    .map(({ text }) => text)
    .join('');

beforeEach(async () => {
  await loadLanguage('en');
  await loadAllWords();
});

test('what was done is a sentence, in the order of each language', async () => {
  expect(inOneLine(entry())).toBe('Ada signed Mira out everywhere');
  await loadLanguage('zh-CN');
  expect(inOneLine(entry())).toBe('Ada 让 Mira 在所有设备上退出登录');
});

test('a price for every model is said to be one', () => {
  const target = { type: 'price', id: 'r', name: '*' };
  expect(inOneLine(entry({ action: 'price.set', target }))).toBe('Ada set the price of every other model');
});

test('names are set apart, and no name can pass for a mark of the sentence', () => {
  const parts = sentenceParts(entry({ actor: { id: 'a', nickname: '{target}', email: null } }));
  expect(parts[0]).toEqual({ kind: 'actor', text: '{target}' });
  expect(parts.filter(({ kind }) => kind === 'target')).toEqual([{ kind: 'target', text: 'Mira' }]);
});

test('an action that has no words yet is named as it is', () => {
  expect(inOneLine(entry({ action: 'moon.moved', actor: null }))).toBe('The system: moon.moved, Mira');
});

test('details say what was and what is, and leave out what the sentence said', () => {
  const data = {
    name: 'Mira',
    changes: { role: { from: 'user', to: 'admin' }, tier: { from: null, to: 'pro' } },
    sessions: 2,
  };
  expect(detailsOf(entry({ data }))).toEqual([
    { name: 'Role', isCode: false, value: 'user → admin' },
    { name: 'Tier', isCode: false, value: 'nothing → pro' },
    { name: 'Sign-ins ended', isCode: false, value: '2' },
  ]);
  expect(detailsOf(entry({ data: { fields: ['name', 'secrets.apiKey'] } }))).toEqual([
    { name: 'Changed', isCode: false, value: 'name and secrets.apiKey' },
  ]);
  const odd = { amount: 2_500_000, newField: { a: 1 }, expiresAt: '2026-11-28T12:00:00.000Z' };
  expect(detailsOf(entry({ data: odd }))).toEqual([
    { name: 'Credits', isCode: false, value: '2.5' },
    { name: 'newField', isCode: true, value: '{"a":1}' },
    { name: 'Until', isCode: false, value: expect.stringMatching(/Nov \d+, 2026/) },
  ]);
});

import { describe, expect, test } from 'vitest';
import { fill } from './fill.ts';
import { messages as laterEnglish } from './later.en.ts';
import { messages as laterChinese } from './later.zh-CN.ts';
import { messages as firstEnglish } from './messages.en.ts';
import { messages as firstChinese } from './messages.zh-CN.ts';
import type { Message, Namespaces } from './types.ts';

function flat(dictionary: Namespaces): Map<string, Message> {
  return new Map(
    Object.entries(dictionary).flatMap(([namespace, words]) =>
      Object.entries(words).map(([key, message]): [string, Message] => [`${namespace}.${key}`, message]),
    ),
  );
}
function forms(message: Message): string[] {
  return typeof message === 'string' ? [message] : Object.values(message);
}
function params(message: Message): string[] {
  return [
    ...new Set(forms(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))),
  ].toSorted();
}

const en = flat({ ...firstEnglish, ...laterEnglish });
const zh = flat({ ...firstChinese, ...laterChinese });

describe('the dictionaries', () => {
  test('have the same keys', () => {
    expect([...zh.keys()].toSorted()).toEqual([...en.keys()].toSorted());
  });

  test('ask for the same parameters', () => {
    const different = [...en].filter(([key, message]) => params(message).join() !== params(zh.get(key) ?? '').join());
    expect(different.map(([key]) => key)).toEqual([]);
  });

  test('say something everywhere', () => {
    const empty = [...en, ...zh].filter(([, message]) => forms(message).some((text) => text.trim() === ''));
    expect(empty.map(([key]) => key)).toEqual([]);
  });

  test('choose plurals by count alone', () => {
    const odd = [...en, ...zh].filter(
      ([, message]) => typeof message !== 'string' && !params(message).includes('count'),
    );
    expect(odd.map(([key]) => key)).toEqual([]);
  });
});

describe('a sentence', () => {
  test('takes the plural of its language and writes numbers its way', () => {
    const message = { one: '{count} model', other: '{count} models' };
    expect([1, 2, 12_000].map((count) => fill(message, { count }, 'en'))).toEqual([
      '1 model',
      '2 models',
      '12,000 models',
    ]);
    expect(fill({ other: '{count} 个模型' }, { count: 1 }, 'zh-CN')).toBe('1 个模型');
  });

  test('keeps the mark of a parameter that is missing, so that it is seen', () => {
    expect(fill('Hello {name}', {}, 'en')).toBe('Hello {name}');
  });
});

test('Chinese has one word for one thing', () => {
  // Beside each the word that is used.
  const others = { token: '词元', 提供方: '服务商', 提供商: '服务商', 你: '您' };
  const found = [...zh].flatMap(([key, message]) =>
    Object.keys(others)
      .filter((other) => forms(message).some((text) => text.toLowerCase().includes(other)))
      .map((other) => `${key}: ${other}`),
  );
  expect(found).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { contrast } from './contrast.ts';
import css from './tokens.css?raw';

function tokens(selector: string): Record<string, string> {
  const block = new RegExp(`^${selector.replaceAll('.', '\\.')} \\{([^}]*)\\}`, 'm').exec(css)?.[1];
  if (block === undefined) throw new Error(`No tokens for ${selector}`);
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

const light = tokens(':root');
const dark = { ...light, ...tokens(':root.dark') };
const themes: Record<string, Record<string, string>> = {
  light,
  dark,
  'high contrast, light': { ...light, ...tokens(':root.contrast') },
  'high contrast, dark': { ...dark, ...tokens(':root.contrast.dark') },
};

const grounds = ['bg', 'surface', 'sunken'];
/** Text on what it stands on. */
const textPairs: [string, string][] = [
  ...grounds.flatMap((ground): [string, string][] =>
    ['text', 'text-2', 'text-3', 'accent-text', 'danger', 'success', 'warning', 'info'].map((text) => [text, ground]),
  ),
  ['text', 'hover'],
  ['text-2', 'hover'],
  ['text', 'bubble'],
  ['text-2', 'bubble'],
  ['accent-text', 'accent-tint'],
  ['text', 'accent-tint'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['bg', 'text'],
  ['success', 'success-tint'],
  ['warning', 'warning-tint'],
  ['danger', 'danger-tint'],
  ['info', 'info-tint'],
];
/** Borders of controls, focus rings and fills that carry meaning. */
const shapePairs: [string, string][] = grounds.flatMap((ground): [string, string][] => [
  ['control', ground],
  ['ring', ground],
  ['accent', ground],
]);

describe.each(Object.entries(themes))('the %s theme', (name, theme) => {
  const ratio = ([front, ground]: [string, string]) => contrast(theme[front] ?? '', theme[ground] ?? '');
  const strong = name.startsWith('high');

  test('has text that everybody can read', () => {
    const least = strong ? 7 : 4.5;
    expect(
      textPairs.filter((pair) => ratio(pair) < least).map((pair) => `${pair.join(' on ')} ${ratio(pair)}`),
    ).toEqual([]);
  });

  test('has controls that stand out', () => {
    expect(shapePairs.filter((pair) => ratio(pair) < 3).map((pair) => `${pair.join(' on ')} ${ratio(pair)}`)).toEqual(
      [],
    );
  });
});

test('the published contrasts of the normal themes hold', () => {
  const rounded = (theme: Record<string, string>, front: string) =>
    Math.round(contrast(theme[front] ?? '', theme['bg'] ?? '') * 10) / 10;
  expect(['text', 'text-2', 'text-3'].map((front) => rounded(light, front))).toEqual([15.8, 7.8, 5.3]);
  expect(['text', 'text-2', 'text-3'].map((front) => rounded(dark, front))).toEqual([16.5, 10.3, 7.1]);
});

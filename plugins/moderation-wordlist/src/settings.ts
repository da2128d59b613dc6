import type { Action, Kind, Rule } from './rule.ts';

export interface WordListSettings {
  onInput: boolean;
  onOutput: boolean;
  maskCharacter: string;
  rules: Rule[];
}

const lists: readonly { setting: string; title: string; action: Action }[] = [
  { setting: 'blockWords', title: 'Words that block', action: 'block' },
  { setting: 'maskWords', title: 'Words that are masked', action: 'mask' },
  { setting: 'flagWords', title: 'Words that are flagged', action: 'flag' },
];

/** Entries come first, because an admin who wrote one had something special in mind: the earlier rule is the one named. */
export function readSettings(settings: Readonly<Record<string, unknown>>): WordListSettings {
  const entries = Array.isArray(settings['entries']) ? settings['entries'] : [];
  const maskCharacter = settings['maskCharacter'];
  return {
    onInput: settings['onInput'] !== false,
    onOutput: settings['onOutput'] !== false,
    maskCharacter: typeof maskCharacter === 'string' && maskCharacter !== '' ? maskCharacter : '*',
    rules: [
      ...entries.flatMap((entry: unknown, i) => readEntry(entry, `Entry ${i + 1}`)),
      ...lists.flatMap(({ setting, title, action }) => readLines(settings[setting], title, action)),
    ],
  };
}

function readEntry(entry: unknown, place: string): Rule[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { pattern, kind, action, caseSensitive, wholeWord } = entry as Record<string, unknown>;
  // A form may leave an empty row behind.
  if (typeof pattern !== 'string' || pattern.trim() === '') return [];
  return [
    {
      pattern,
      kind: kind === 'wildcard' || kind === 'regex' ? kind : 'exact',
      action: action === 'block' || action === 'flag' ? action : 'mask',
      caseSensitive: caseSensitive === true,
      wholeWord: wholeWord !== false,
      place,
    },
  ];
}

function readLines(text: unknown, title: string, action: Action): Rule[] {
  if (typeof text !== 'string') return [];
  return text.split(/\r\n|\r|\n/).flatMap((line, i) => {
    const pattern = line.trim();
    if (pattern === '') return [];
    const kind: Kind = pattern.includes('*') ? 'wildcard' : 'exact';
    return [{ pattern, kind, action, caseSensitive: false, wholeWord: true, place: `${title}, line ${i + 1}` }];
  });
}

import type { LimitFields } from '@parley/sdk/contract';
import { parseWhole } from '../../../ui/whole-number.ts';

export type LimitName = keyof LimitFields;
type CountName = Exclude<LimitName, 'allowedModels'>;

/** In the order of the form. `mayBeEmpty`: nothing typed means no end. `millions`: typed and shown in megabytes. */
export const counts: readonly { name: CountName; mayBeEmpty: boolean; millions: boolean }[] = [
  { name: 'requestsPerMinute', mayBeEmpty: false, millions: false },
  { name: 'requestsPerDay', mayBeEmpty: true, millions: false },
  { name: 'tokensPerDay', mayBeEmpty: true, millions: false },
  { name: 'contextTokens', mayBeEmpty: true, millions: false },
  { name: 'openTurnsPerUser', mayBeEmpty: false, millions: false },
  { name: 'openTurnsPerConversation', mayBeEmpty: false, millions: false },
  { name: 'attachmentsPerMessage', mayBeEmpty: false, millions: false },
  { name: 'attachmentBytes', mayBeEmpty: false, millions: true },
];
const million = 1_000_000;
export const limitNames: readonly LimitName[] = [...counts.map(({ name }) => name), 'allowedModels'];

/** Limits as they are typed. */
export interface LimitDraft {
  texts: Record<CountName, string>;
  /** One model or beginning a line; counts only where not every model is allowed. */
  models: string;
  everyModel: boolean;
}

export function draftOf(limits: LimitFields): LimitDraft {
  const texts = counts.map(({ name, millions }) => {
    const value = limits[name];
    return [name, value === null ? '' : String(millions ? value / million : value)];
  });
  return {
    texts: Object.fromEntries(texts) as LimitDraft['texts'],
    models: limits.allowedModels?.join('\n') ?? '',
    everyModel: limits.allowedModels === null,
  };
}

/** The value of one box; undefined when it can't be read. */
export function limitIn(draft: LimitDraft, name: LimitName): LimitFields[LimitName] | undefined {
  if (name === 'allowedModels') return draft.everyModel ? null : linesOf(draft.models);
  const { mayBeEmpty, millions } = counts.find((count) => count.name === name) ?? {
    mayBeEmpty: false,
    millions: false,
  };
  const text = draft.texts[name];
  if (text.trim() === '') return mayBeEmpty ? null : undefined;
  if (millions && /^\d*\.\d+$/.test(text.trim())) return Math.round(Number(text) * million);
  const value = parseWhole(text);
  return value === undefined || !millions ? value : value * million;
}

export function limitsIn(draft: LimitDraft): { limits: LimitFields; unreadable: LimitName[] } {
  const read = limitNames.map((name) => [name, limitIn(draft, name)] as const);
  return {
    limits: Object.fromEntries(read) as unknown as LimitFields,
    unreadable: read.filter(([, value]) => value === undefined).map(([name]) => name),
  };
}

export function linesOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\n,]/)
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    ),
  ];
}

import type { Message } from './types.ts';

const rules = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

/** Puts parameters into a message. Numbers are written the way of the language. */
export function fill(message: Message, params: Record<string, unknown> | undefined, language: string): string {
  return choose(message, params, language).replace(/\{(\w+)\}/g, (mark, name: string) => {
    const value = params?.[name];
    if (typeof value === 'number') return remembered(numbers, language, Intl.NumberFormat).format(value);
    return typeof value === 'string' ? value : mark;
  });
}

function choose(message: Message, params: Record<string, unknown> | undefined, language: string): string {
  if (typeof message === 'string') return message;
  const count = Number(params?.['count'] ?? 0);
  return message[remembered(rules, language, Intl.PluralRules).select(count)] ?? message.other;
}

/** Building an Intl object costs more than a hundred uses of it. */
function remembered<T>(kept: Map<string, T>, language: string, Make: new (language: string) => T): T {
  const known = kept.get(language) ?? new Make(language);
  kept.set(language, known);
  return known;
}

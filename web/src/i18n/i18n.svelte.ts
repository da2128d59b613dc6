import type { Language } from '@parley/sdk/contract';
import { fill } from './fill.ts';
import type { messages } from './messages.en.ts';
import type { KeyOf, Message, Namespaces, ParamsOf } from './types.ts';

type Messages = typeof messages;
export type MessageKey = KeyOf<Messages>;
/** Keys whose sentence takes no parameter, for lists of labels. */
export type PlainKey = { [K in MessageKey]: ParamsOf<Messages, K> extends [] ? K : never }[MessageKey];

/** One language at a time is in memory; each is a chunk of its own. */
const loaders: Record<Language, () => Promise<{ messages: Namespaces }>> = {
  en: () => import('./messages.en.ts'),
  'zh-CN': () => import('./messages.zh-CN.ts'),
};
export const languages: readonly { tag: Language; name: string }[] = [
  { tag: 'en', name: 'English' },
  { tag: 'zh-CN', name: '简体中文' },
];

class Speech {
  language = $state<Language>('en');
  words = $state.raw<Namespaces>({});
}
const speech = new Speech();

export function language(): Language {
  return speech.language;
}

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(loaders, tag);
}

/** Words are replaced at once, when all of them are there. */
export async function loadLanguage(tag: Language): Promise<void> {
  const { messages: words } = await loaders[tag]();
  speech.words = words;
  speech.language = tag;
  document.documentElement.lang = tag;
}

/** The sentence for a key, in the language of the page: `t('chat.sent', { count: 2 })`. */
export function t<K extends MessageKey>(key: K, ...params: ParamsOf<Messages, K>): string {
  return fill(find(key) ?? key, params[0], speech.language);
}

/** The sentence for a key that is only known at run time, such as an error code; undefined when we have none. */
export function lookUp(namespace: keyof Messages, key: string, params?: Record<string, unknown>): string | undefined {
  const message = find(`${namespace}.${key}`);
  return message === undefined ? undefined : fill(message, params, speech.language);
}

function find(key: string): Message | undefined {
  const dot = key.indexOf('.');
  const namespace = speech.words[key.slice(0, dot)];
  const name = key.slice(dot + 1);
  return namespace && Object.hasOwn(namespace, name) ? namespace[name] : undefined;
}

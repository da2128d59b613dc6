import type { Language } from '@parley/sdk/contract';
import { fill } from './fill.ts';
import type { messages as laterMessages } from './later.en.ts';
import type { messages } from './messages.en.ts';
import type { KeyOf, Message, Namespaces, ParamsOf } from './types.ts';

type Messages = typeof messages & typeof laterMessages;
export type MessageKey = KeyOf<Messages>;
/** Keys whose sentence takes no parameter, for lists of labels. */
export type PlainKey = { [K in MessageKey]: ParamsOf<Messages, K> extends [] ? K : never }[MessageKey];

type Load = () => Promise<{ messages: Namespaces }>;
/** One language at a time is in memory; each is two chunks, of which the chat needs the first. */
const loaders: Record<Language, { first: Load; later: Load }> = {
  en: { first: () => import('./messages.en.ts'), later: () => import('./later.en.ts') },
  'zh-CN': { first: () => import('./messages.zh-CN.ts'), later: () => import('./later.zh-CN.ts') },
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

/** What was asked for last; it may still be on its way. */
const wanted = { language: 'en' as Language, whole: false };

export async function loadLanguage(tag: Language): Promise<void> {
  wanted.language = tag;
  await bringWords();
}

/** Before a screen other than the chat is shown. */
export async function loadAllWords(): Promise<void> {
  if (hasAllWords()) return;
  wanted.whole = true;
  await bringWords();
}

/** Words are replaced at once, when all of them are there: those of the language and the screens that are wanted by then. */
async function bringWords(): Promise<void> {
  const { language: tag, whole } = wanted;
  const { first, later } = loaders[tag];
  const [words, more] = await Promise.all([first(), whole ? later() : null]);
  if (tag !== wanted.language || whole !== wanted.whole) return bringWords();
  speech.words = { ...words.messages, ...more?.messages };
  speech.language = tag;
  document.documentElement.lang = tag;
}

function hasAllWords(): boolean {
  return Object.hasOwn(speech.words, 'account');
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

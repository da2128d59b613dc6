import { chinese } from './chinese.ts';
import { english } from './english.ts';
import { hash, pick } from './hash.ts';
import { type Language, languageOf } from './language.ts';
import { reflect } from './reflect.ts';
import type { Talk } from './rule.ts';
import { sum } from './sum.ts';

export interface Said {
  text: string;
  pictures: number;
}
/** `pattern` is the rule's own text. */
export type Reason = { kind: 'picture' | 'silence' | 'sum' | 'memory' | 'none' } | { kind: 'pattern'; pattern: string };
export interface Answer {
  language: Language;
  text: string;
  /** What led to the answer, for the model that thinks aloud. */
  because: Reason;
}

/** Nobody writes a statement about themselves at the end of a novel; patterns need not read one. */
const longestReadChars = 2000;

/** The answer follows from what the person said and nothing else: the same conversation is answered in the same words. */
export function respond(said: readonly Said[], fallback: Language): Answer {
  const last = said.at(-1) ?? { text: '', pictures: 0 };
  const text = last.text.trim().slice(0, longestReadChars);
  const language = languageOf(text, fallback);
  const talk = language === 'zh' ? chinese : english;
  const seed = hash(said.map((one) => one.text).join('\n'));
  const answer = (words: string, because: Reason): Answer => ({ language, text: words, because });

  if (last.pictures > 0) return answer(talk.noPictures, { kind: 'picture' });
  if (text === '') return answer(talk.silence, { kind: 'silence' });
  const result = sum(text);
  if (result !== undefined) return answer(result, { kind: 'sum' });

  for (const rule of talk.rules) {
    const match = rule.pattern.exec(text);
    if (!match) continue;
    const words = fill(pick(rule.answers, seed), match, language);
    return answer(greetByName(words, said, talk, seed), { kind: 'pattern', pattern: rule.pattern.source });
  }
  const memory = remembered(said.slice(0, -1), talk, seed);
  // Not each time: somebody who is reminded of one thing again and again stops talking.
  if (memory !== undefined && seed % 3 !== 0) {
    const words = pick(talk.memories, seed).replace('$1', () => reflect(memory, language));
    return answer(words, { kind: 'memory' });
  }
  return answer(pick(talk.fallbacks, seed), { kind: 'none' });
}

function fill(words: string, match: RegExpExecArray, language: Language): string {
  return words.replace(/\$([1-3])/g, (_, group: string) => reflect(match[Number(group)] ?? '', language));
}

function greetByName(words: string, said: readonly Said[], talk: Talk, seed: number): string {
  if (seed % 4 !== 1) return words;
  for (const one of said.slice(0, -1).toReversed()) {
    const name = talk.name.exec(one.text)?.[1];
    if (name !== undefined) return talk.byName.replace('$1', () => name) + words;
  }
  return words;
}

function remembered(said: readonly Said[], talk: Talk, seed: number): string | undefined {
  const memories = said.flatMap((one) => {
    for (const pattern of talk.memorable) {
      const memory = pattern.exec(one.text.slice(0, longestReadChars))?.[1];
      if (memory !== undefined) return [memory];
    }
    return [];
  });
  return memories.length === 0 ? undefined : pick(memories, seed);
}
